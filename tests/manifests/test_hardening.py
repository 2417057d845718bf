"""What every environment's releases hold to, unless a sentence says why not."""

from typing import Any

import pytest

from mlplatform.config.catalogue import Chart
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.requests import PodRequests
from tests.manifests.hardening import connections, pods, publishers, rights, values
from tests.manifests.hardening.installed import Installed, everything, rules_of
from tests.manifests.hardening.reasons import REASONS

RULES = rules_of(pods, connections, values, rights, publishers)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_breaks_a_rule_without_a_reason_and_no_reason_outlives_what_it_was_for(rule: str) -> None:
    found, reasoned = set(RULES[rule](everything())), set(REASONS.get(rule, {}))
    assert sorted(found - reasoned) == [], "no reason"
    assert sorted(reasoned - found) == [], "no longer so"


def test_every_reason_is_a_sentence_about_a_rule() -> None:
    assert REASONS.keys() <= RULES.keys()
    assert all(len(reason.split()) >= 8 for entries in REASONS.values() for reason in entries.values())


def pod(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": "bad"}}, "spec": spec}


def workload(name: str, replicas: int, **spec: Any) -> Object:
    template = {"replicas": replicas, "selector": {"matchLabels": {"app": "bad"}}, "template": pod(**spec)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "bad"}, "spec": template}


def bound(name: str, *rules: dict[str, Any]) -> list[Object]:
    api = "rbac.authorization.k8s.io"
    role = {"apiVersion": f"{api}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": list(rules)}
    binding = {
        **role,
        "kind": "ClusterRoleBinding",
        "roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": "bad"}],
    }
    return [role, binding]


def everything_wrong() -> Installed:
    """Return what breaks every rule that there is."""
    bare: dict[str, Any] = {"name": "main", "image": "docker.io/library/nginx:latest", "env": [{"name": "PASSWORD", "value": "12341234"}]}
    policy: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "open", "namespace": "bad"},
        "spec": {"podSelector": {}, "ingress": [{"ports": [{"port": 80}]}]},
    }
    secret: Object = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "bad", "namespace": "bad"}, "data": {"password": "eA=="}}
    objects = [
        workload("alone", 1, containers=[bare], hostNetwork=True),
        workload("many", 2, containers=[bare]),
        policy,
        secret,
        *bound("may-everything", {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}),
    ]
    values = {"image": "docker.io/library/nginx", "replicas": 2}
    chart = Release(
        "chart",
        "bad",
        "platform",
        chart=Chart("chart", "somebody", "oci://registry.example.com", "1", used_by=("chart",)),
        values=values,
        requests=(PodRequests("many", replicas=2), PodRequests("once", cpu="1", memory="1Gi")),
    )
    releases = [Release("bad", "bad", "platform", objects=objects), Release("again", "bad", "platform", objects=objects[:1]), chart]
    return Installed({"bad": everything().settings["global-dev"]}, {"bad": releases})


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_breaks_it(rule: str) -> None:
    assert list(RULES[rule](everything_wrong()))


def test_a_right_to_some_by_name_is_no_right_to_all() -> None:
    some = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["own"]}
    every = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}
    objects = [*bound("reads-some", some), *bound("reads-all", every)]
    installed = Installed({"bad": everything().settings["global-dev"]}, {"bad": [Release("bad", "bad", "platform", objects=objects)]})
    assert list(rights.may_read_every_secret(installed)) == ["ServiceAccount bad/reads-all"]
