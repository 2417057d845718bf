"""What is compared of an object, and what is not."""

from typing import Any

from mlplatform.manifests.conformance.facts import Facts, facts
from mlplatform.manifests.objects import Ref

POD: dict[str, Any] = {
    "containers": [
        {
            "name": "web",
            "image": "ghcr.io/kubeflow/web:v1",
            "command": ["/web"],
            "args": ["-port", "$(PORT)", "--verbose"],
            "envFrom": [{"configMapRef": {"name": "web-5h9m86f79f"}}],
            "env": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "web", "key": "token"}}}],
            "ports": [{"name": "http", "containerPort": 8080}],
            "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        }
    ]
}
CONFIG: Any = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "web-5h9m86f79f", "namespace": "app"},
    "data": {"PORT": "8080"},
}


def deployment(pod: dict[str, Any], labels: dict[str, str] | None = None) -> Any:
    metadata = {"name": "web", "namespace": "app"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"template": {"metadata": {"labels": labels or {}}, "spec": pod}},
    }


def one(obj: Any, *among: Any) -> Facts:
    [found] = facts([obj], among).values()
    return found


def role(*rules: dict[str, Any]) -> Any:
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "role"}, "rules": list(rules)}


def settings_of(key: str, text: str) -> tuple[str, ...]:
    return one({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "app"}, "data": {key: text}})["settings"]


def test_names_lose_the_hash_that_kustomize_adds() -> None:
    assert list(facts([CONFIG])) == [Ref("ConfigMap", "web", "app")]
    kept = {**CONFIG, "metadata": {"name": "dashboard-parameters", "namespace": "app"}}
    assert list(facts([kept])) == [Ref("ConfigMap", "dashboard-parameters", "app")]


def test_a_variable_counts_wherever_it_is_set_and_a_secret_never_shows() -> None:
    found = one(deployment(POD), CONFIG)
    assert found["env"] == ("web: PORT=8080", "web: TOKEN")


def test_flags_are_the_same_with_one_dash_or_two_and_with_their_variables_filled_in() -> None:
    other = {"containers": [{**POD["containers"][0], "args": ["--port=8080", "--verbose"]}]}
    assert (
        one(deployment(POD), CONFIG)["flags"]
        == one(deployment(other), CONFIG)["flags"]
        == ("web: --port=8080", "web: --verbose", "web: /web")
    )


def test_probes_name_the_port_by_its_number() -> None:
    assert one(deployment(POD))["probes"] == ("web: readiness HTTP 8080/ready",)


def test_an_image_is_its_name_and_tag_wherever_it_comes_from() -> None:
    mirrored = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/ghcr.io/kubeflow/web:v1@sha256:" + "0" * 64
    container = {"name": "web", "image": mirrored, "args": [f"--image={mirrored}"]}
    found = one(deployment({"containers": [container]}))
    assert found["image"] == ("web: web:v1",)
    assert found["flags"] == ("web: --image=web:v1",)


def test_a_container_is_as_secure_as_its_pod_unless_it_says_otherwise() -> None:
    own = {"name": "own", "securityContext": {"runAsUser": 0}}
    found = one(deployment({"securityContext": {"runAsUser": 1000, "runAsNonRoot": True}, "containers": [{"name": "its"}, own]}))
    assert found["security"] == ("its: runAsNonRoot=true", "its: runAsUser=1000", "own: runAsNonRoot=true", "own: runAsUser=0")


def test_rules_are_the_same_however_an_author_groups_them() -> None:
    together = role({"apiGroups": ["", "apps"], "resources": ["pods", "deployments"], "verbs": ["list", "get"]})
    apart = role(
        {"apiGroups": [""], "resources": ["deployments", "pods"], "verbs": ["get"]},
        {"apiGroups": [""], "resources": ["deployments", "pods"], "verbs": ["list"]},
        {"apiGroups": ["apps"], "resources": ["deployments", "pods"], "verbs": ["get", "list"]},
    )
    assert one(together) == one(apart)
    assert one(together)["rules"] == ("deployments.apps: get list", "deployments: get list", "pods.apps: get list", "pods: get list")


def test_a_rule_for_one_object_is_not_one_for_all() -> None:
    named = role({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["own"]})
    assert one(named)["rules"] == ("secrets[own]: get",)


def test_two_selectors_of_different_labels_are_the_same_where_they_select_the_same_pods() -> None:
    def policy(labels: dict[str, str], port: str | int) -> Any:
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": "web", "namespace": "app"},
            "spec": {"podSelector": {"matchLabels": labels}, "ingress": [{"from": [], "ports": [{"port": port}]}]},
        }

    pods = deployment(POD, {"app": "web", "app.kubernetes.io/name": "web"})
    theirs, ours = one(policy({"app": "web"}, "http"), pods), one(policy({"app.kubernetes.io/name": "web"}, 8080), pods)
    assert theirs == ours
    assert ours["podSelector"] == ("web",)
    assert ours["ingress"] == ("{ports: [{port: 8080, protocol: TCP}]}",)


def test_a_policy_for_every_pod_and_one_for_none_that_is_known_say_so() -> None:
    policy: Any = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p", "namespace": "app"}}
    assert one({**policy, "spec": {"podSelector": {}}})["podSelector"] == ("every pod",)
    expression = {"key": "app", "operator": "In", "values": ["other"]}
    assert one({**policy, "spec": {"podSelector": {"matchExpressions": [expression]}}})["podSelector"] == ("matchLabels.app=other",)


def test_files_in_config_maps_are_compared_by_what_they_set() -> None:
    assert settings_of("config.yaml", "log:\n  level: debug\n") == settings_of("config.yaml", '{"log": {"level": "debug"}}\n')
    assert settings_of("proxy.cfg", 'provider = "oidc"\nroutes = [ "/api/" ]\n') == (
        "proxy.cfg: provider=oidc",
        "proxy.cfg: routes[]=/api/",
    )


def test_no_sentence_script_or_secret_becomes_a_fact() -> None:
    said = settings_of("links.json", '{"text": "See the manual", "link": "/manual", "password": "open-sesame", "userID": "1"}')
    assert said == ("links.json: link=/manual", "links.json: password", "links.json: text", "links.json: userID")
    script = one(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "app"}, "data": {"run.sh": "#!/bin/sh\nexit\n"}}
    )
    assert script == {"keys": ("run.sh",), "version": ("v1",)}
    secret = one({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "app"}, "stringData": {"key": "value"}})
    assert secret == {"keys": ("key",), "version": ("v1",)}


def test_a_webhook_says_what_it_is_asked_and_what_happens_when_it_does_not_answer() -> None:
    webhook = {
        "name": "pods.example.com",
        "rules": [{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}],
        "clientConfig": {"service": {"namespace": "app", "name": "web", "path": "/pods"}, "caBundle": "bm8="},
    }
    configuration: Any = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "web"},
        "webhooks": [webhook],
    }
    found = one(configuration)
    assert found["rules"] == ("pods.example.com: CREATE v1/pods",)
    assert found["service"] == ("pods.example.com: app/web:443/pods",)
    assert found["failurePolicy"] == ("pods.example.com: Fail",)


def test_a_definition_says_what_users_of_the_kind_rely_on_and_not_its_schema() -> None:
    version: dict[str, Any] = {
        "name": "v1",
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": [{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
        "schema": {"openAPIV3Schema": {"type": "object", "description": "a sentence"}},
    }
    definition: Any = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "profiles.kubeflow.org"},
        "spec": {"group": "kubeflow.org", "scope": "Cluster", "names": {"kind": "Profile", "shortNames": ["p"]}, "versions": [version]},
    }
    assert one(definition) == {
        "columns": ("v1: Age date .metadata.creationTimestamp",),
        "group": ("kubeflow.org",),
        "names": ("kind=Profile", "shortNames=p"),
        "scope": ("Cluster",),
        "subresources": ("v1: status",),
        "version": ("v1",),
        "versions": ("v1 served stored",),
    }


def test_an_entry_of_a_custom_resource_stays_together_on_one_line() -> None:
    route = {"match": [{"uri": {"prefix": "/"}}], "route": [{"destination": {"host": "web.app.svc.cluster.local"}}]}
    virtual: Any = {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "w", "namespace": "app"}}
    assert one({**virtual, "spec": {"hosts": ["*"], "http": [route]}}) == {
        "hosts": ("*",),
        "http": ("{match: [{uri: {prefix: /}}], route: [{destination: {host: web.app.svc.cluster.local}}]}",),
        "version": ("v1",),
    }
