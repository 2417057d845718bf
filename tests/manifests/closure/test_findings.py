"""What the closure check tells apart within one kind of reference, and how it says it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from mlplatform.manifests import brought
from mlplatform.manifests.closure import check
from mlplatform.manifests.objects import Ref
from mlplatform.manifests.wave import Wave


def objects(text: str) -> list[Any]:
    yaml: Any = YAML(typ="safe")
    return [{"apiVersion": "v1", **obj} for obj in yaml.load_all(text)]


def found(text: str, *waves: Wave) -> list[str]:
    """What is found in one wave of objects, behind a namespace and what the arguments bring before it."""
    base = Wave("base", objects("{kind: Namespace, metadata: {name: app}}"))
    return [str(finding) for finding in check([base, *waves, Wave("platform", objects(text))])]


READER = """
kind: Pod
metadata: {name: reader, namespace: app}
spec:
  containers:
    - name: main
      env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: login, key: password%s}}}]
"""


def test_a_key_that_a_controller_does_not_bring_is_named_with_the_keys_that_it_does() -> None:
    source = Ref("ExternalSecret.external-secrets.io", "login", "app")
    wave = Wave(
        "data",
        [{"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "login", "namespace": "app"}}],
        [
            brought.kind("externalsecrets", "ExternalSecret", "external-secrets.io", ["v1"], by="chart external-secrets"),
            brought.secret("app", "login", ["user"], by="External Secrets", source=source),
        ],
    )
    assert found(READER % "", wave) == [
        (
            "platform: Pod app/reader: spec.containers[0].env[0].valueFrom.secretKeyRef: needs key 'password' of Secret app/login: "
            "found nowhere, but it has user (made by External "
            "Secrets from ExternalSecret app/login); add the key, or declare the keys that its controller brings"
        )
    ]


def test_an_optional_key_is_not_needed() -> None:
    assert found(READER % ", optional: true") == []


def test_a_name_that_differs_in_a_letter_is_offered() -> None:
    [finding] = found(READER % "" + "---\n{kind: Secret, metadata: {name: logins, namespace: app}, data: {password: ''}}")
    assert "found nowhere, but there is Secret app/logins" in finding


def test_a_version_that_is_not_served_is_refused_with_those_that_are() -> None:
    [finding] = found("{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: nightly, namespace: app}}")
    assert "needs kind CronJob of batch/v1beta1: found nowhere, but its served versions are v1; write a served version" in finding


def test_a_definition_serves_only_the_versions_that_say_so() -> None:
    definition = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: profiles.example.com}
spec:
  group: example.com
  names: {kind: Profile}
  scope: Cluster
  versions: [{name: v1, served: true}, {name: v1beta1, served: false}]
---
{apiVersion: example.com/%s, kind: Profile, metadata: {name: team}}
"""
    assert found(definition % "v1") == []
    assert "but its served versions are v1" in found(definition % "v1beta1")[0]


def test_an_object_without_a_namespace_is_found_once_and_nothing_else_is_asked_of_it() -> None:
    [finding] = found("{kind: Pod, metadata: {name: lost}, spec: {containers: [{name: main, envFrom: [{secretRef: {name: x}}]}]}}")
    assert "metadata.namespace: needs a namespace: found nowhere, but without one it lands wherever its release is recorded" in finding


def test_a_declaration_does_not_count_when_what_it_is_made_from_is_missing() -> None:
    wave = Wave(
        "data", (), [brought.secret("app", "login", ["password"], by="cert-manager", source=Ref("Certificate.cert-manager.io", "x", "app"))]
    )
    assert found(READER % "", wave) == [
        (
            "data: Secret app/login: needs Certificate app/x: found nowhere; "
            "add it to this wave or an earlier one, or declare in `brought` which controller makes it"
        )
    ]


CLAIM = "{kind: PersistentVolumeClaim, metadata: {name: data, namespace: app}, spec: {%s}}"
STORAGE_CLASS = """
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: gp3, annotations: {storageclass.kubernetes.io/is-default-class: "%s"}}
provisioner: ebs.csi.aws.com
"""
DRIVER = Wave("add-ons", (), [brought.named("storage.k8s.io/v1", "CSIDriver", "ebs.csi.aws.com", by="add-on aws-ebs-csi-driver")])


def test_a_claim_without_a_class_needs_a_default_one() -> None:
    assert found(CLAIM % "" + STORAGE_CLASS % "true", DRIVER) == []
    assert "needs a default StorageClass: found nowhere" in found(CLAIM % "" + STORAGE_CLASS % "false", DRIVER)[0]


def test_a_class_needs_its_driver() -> None:
    assert "provisioner: needs CSIDriver ebs.csi.aws.com" in found(CLAIM % "" + STORAGE_CLASS % "true")[0]


def test_a_claim_that_asks_for_no_class_needs_its_volume() -> None:
    assert "needs a PersistentVolume" in found(CLAIM % "storageClassName: ''")[0]
    assert "needs PersistentVolume disk" in found(CLAIM % "storageClassName: '', volumeName: disk")[0]


def test_claims_of_a_stateful_set_are_made_by_it() -> None:
    text = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: app}
spec: {replicas: 2, volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: gp3}}]}
---
kind: Pod
metadata: {name: reader, namespace: app}
spec: {containers: [{name: main}], volumes: [{name: data, persistentVolumeClaim: {claimName: data-db-%d}}]}
"""
    assert found(text % 1 + STORAGE_CLASS % "true", DRIVER) == []
    assert "needs PersistentVolumeClaim app/data-db-2" in found(text % 2 + STORAGE_CLASS % "true", DRIVER)[0]


def test_a_probe_needs_a_port_of_its_own_container() -> None:
    text = """
kind: Pod
metadata: {name: web, namespace: app}
spec:
  containers:
    - {name: web, ports: [{name: http, containerPort: 80}], readinessProbe: {httpGet: {port: http}}}
    - {name: proxy, readinessProbe: {httpGet: {port: http}}}
"""
    assert found(text) == [
        (
            "platform: Pod app/web: spec.containers[1].readinessProbe.httpGet.port: needs port 'http' of container 'proxy': "
            "found nowhere, but it declares none; name the container's port so"
        )
    ]


def test_an_ingress_asks_for_a_port_that_the_service_has() -> None:
    text = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: door, namespace: app, annotations: {kubernetes.io/ingress.class: alb}}
spec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {%s}}}}]}}]}
---
{kind: Service, metadata: {name: web, namespace: app}, spec: {type: ExternalName, ports: [{name: http, port: 80}]}}
"""
    assert found(text % "name: http") == []
    assert "needs port 8080 of Service app/web: found nowhere, but it has 80 (http)" in found(text % "number: 8080")[0]


def test_a_budget_without_pods_is_found_and_policies_may_come_before_their_pods() -> None:
    budget = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b, namespace: app}, spec: {selector: {matchLabels: {app: web}}}}"
    pods = Wave(
        "later", objects("{kind: Pod, metadata: {name: web, namespace: app, labels: {app: web}}, spec: {containers: [{name: main}]}}")
    )
    base = Wave("base", objects("{kind: Namespace, metadata: {name: app}}"))
    assert "needs pods with app=web in namespace app: found nowhere" in found(budget)[0]
    assert check([base, Wave("first", objects(budget)), pods]) == []


def test_a_profile_brings_its_namespace_and_accounts() -> None:
    kubeflow = Wave("kubeflow", (), [brought.kind("profiles", "Profile", "kubeflow.org", ["v1"], by="Kubeflow", namespaced=False)])
    text = """
{apiVersion: kubeflow.org/v1, kind: Profile, metadata: {name: team}}
---
{kind: Pod, metadata: {name: trial, namespace: team}, spec: {serviceAccountName: default-editor, containers: [{name: main}]}}
"""
    assert found(text, kubeflow) == []


@pytest.mark.parametrize("host", ["{{name}}.app.svc", "*.app.svc", "$(NAME).app.svc", "db-0.headless.app.svc.cluster.local.example.com"])
def test_a_text_that_names_no_certain_service_is_not_asked_about(host: str) -> None:
    assert found(f"{{kind: ConfigMap, metadata: {{name: c, namespace: app}}, data: {{url: '{host}'}}}}") == []


WORDS = """
apiVersion kind metadata name namespace labels annotations spec template containers env envFrom valueFrom secretKeyRef key volumes secret
items ports port targetPort selector matchLabels matchExpressions webhooks clientConfig service http route destination host podSelector
ingress from to ipBlock roleRef subjects readinessProbe httpGet versions group names scope volumeClaimTemplates persistentVolumeClaim
"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.sampled_from(["", "v1", "app", "web", "a.app.svc:80"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS.split()), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(
    [
        ("v1", "Pod"),
        ("v1", "Service"),
        ("v1", "Namespace"),
        ("apps/v1", "StatefulSet"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("networking.k8s.io/v1", "Ingress"),
        ("networking.istio.io/v1", "VirtualService"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ("external-secrets.io/v1", "ExternalSecret"),
    ]
)


@given(st.lists(st.tuples(KINDS, JSON, JSON), max_size=5))
def test_an_object_of_any_shape_leads_to_findings_and_never_to_an_error(shapes: list[tuple[tuple[str, str], Any, Any]]) -> None:
    wave = [{"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec} for (version, kind), metadata, spec in shapes]
    assert all(finding.remedy for finding in check([Wave("any", wave)]))
