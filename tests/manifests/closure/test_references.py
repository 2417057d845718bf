"""Each kind of reference with what satisfies it, and the same without, later, or brought by a controller."""

from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from mlplatform.manifests.closure import check
from mlplatform.manifests.closure.references import REFERENCES
from mlplatform.manifests.wave import Brought, Wave


@dataclass(frozen=True)
class Case:
    """One object that needs another."""

    reference: str
    holder: str
    supply: str
    """What it needs; must come in the same or an earlier wave."""
    needed: str
    """How a finding names it."""


@cache
def objects(text: str) -> tuple[Any, ...]:
    yaml: Any = YAML(typ="safe")
    return tuple(obj for obj in yaml.load_all(text) if obj)


def pod(name: str, spec: str) -> str:
    return f"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: app, labels: {{name: {name}}}}}, spec: {{{spec}}}}}"


def service(name: str) -> str:
    return (
        f"{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: app}}, "
        "spec: {ports: [{port: 80}, {port: 443}], externalName: example.com, type: ExternalName}}"
    )


def named(api_version: str, kind: str, name: str, *, namespace: str = "", more: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: {name}{where}}}{more}}}"


CONTAINERS = "containers: [{name: main}]"
CASES = [
    Case(
        "kind",
        named("example.com/v1", "Widget", "widget", namespace="app"),
        named(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            "widgets.example.com",
            more=", spec: {group: example.com, names: {kind: Widget}, scope: Namespaced, versions: [{name: v1, served: true}]}",
        ),
        "kind Widget of example.com/v1",
    ),
    Case("namespace", named("v1", "ConfigMap", "settings", namespace="late"), named("v1", "Namespace", "late"), "Namespace late"),
    Case(
        "Secret",
        pod("reader", "containers: [{name: main, env: [{name: P, valueFrom: {secretKeyRef: {name: login, key: password}}}]}]"),
        named("v1", "Secret", "login", namespace="app", more=", stringData: {password: x}"),
        "key 'password' of Secret app/login",
    ),
    Case(
        "ConfigMap",
        pod("configured", f"{CONTAINERS}, volumes: [{{name: v, projected: {{sources: [{{configMap: {{name: conf}}}}]}}}}]"),
        named("v1", "ConfigMap", "conf", namespace="app"),
        "ConfigMap app/conf",
    ),
    Case(
        "ServiceAccount",
        pod("robot", f"{CONTAINERS}, serviceAccountName: robot"),
        named("v1", "ServiceAccount", "robot", namespace="app"),
        "ServiceAccount app/robot",
    ),
    Case(
        "PersistentVolumeClaim",
        named("v1", "PersistentVolumeClaim", "claim", namespace="app", more=", spec: {storageClassName: quick}"),
        named("storage.k8s.io/v1", "StorageClass", "quick", more=", provisioner: kubernetes.io/no-provisioner"),
        "StorageClass quick",
    ),
    Case(
        "named port",
        named("v1", "Service", "web", namespace="app", more=", spec: {selector: {role: web}, ports: [{port: 80, targetPort: http}]}"),
        "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: app, labels: {role: web}}, "
        "spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}}",
        "a container port 'http' in the pods that it selects",
    ),
    Case(
        "selector",
        named("v1", "Service", "api", namespace="app", more=", spec: {selector: {name: api}, ports: [{port: 80}]}"),
        pod("api", CONTAINERS),
        "pods with name=api in namespace app",
    ),
    Case(
        "webhook",
        named(
            "admissionregistration.k8s.io/v1",
            "ValidatingWebhookConfiguration",
            "hook",
            more=", webhooks: [{clientConfig: {service: {namespace: app, name: hook}}}]",
        ),
        service("hook"),
        "port 443 of Service app/hook",
    ),
    Case(
        "APIService",
        named("apiregistration.k8s.io/v1", "APIService", "v1.metrics", more=", spec: {service: {namespace: app, name: metrics}}"),
        service("metrics"),
        "port 443 of Service app/metrics",
    ),
    Case(
        "route",
        named(
            "networking.istio.io/v1",
            "VirtualService",
            "route",
            namespace="app",
            more=", spec: {http: [{route: [{destination: {host: target.app.svc.cluster.local, port: {number: 80}}}]}]}",
        ),
        service("target"),
        "port 80 of Service app/target",
    ),
    Case(
        "Ingress",
        named("networking.k8s.io/v1", "Ingress", "door", namespace="app", more=", spec: {ingressClassName: alb}"),
        named("networking.k8s.io/v1", "IngressClass", "alb"),
        "IngressClass alb",
    ),
    Case("host", pod("client", "containers: [{name: main, args: ['--db=db.app.svc:80']}]"), service("db"), "port 80 of Service app/db"),
    Case(
        "role",
        named(
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            "grant",
            namespace="app",
            more=", roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}",
        ),
        named("rbac.authorization.k8s.io/v1", "Role", "reader", namespace="app"),
        "Role app/reader",
    ),
    Case(
        "PriorityClass",
        pod("urgent", f"{CONTAINERS}, priorityClassName: urgent"),
        named("scheduling.k8s.io/v1", "PriorityClass", "urgent"),
        "PriorityClass urgent",
    ),
    Case(
        "RuntimeClass",
        pod("boxed", f"{CONTAINERS}, runtimeClassName: gvisor"),
        named("node.k8s.io/v1", "RuntimeClass", "gvisor"),
        "RuntimeClass gvisor",
    ),
    Case(
        "link",
        named("karpenter.sh/v1", "NodePool", "gpu", more=", spec: {template: {spec: {nodeClassRef: "
        "{group: karpenter.k8s.aws, kind: EC2NodeClass, name: gpu}}}}"),
        named("karpenter.k8s.aws/v1", "EC2NodeClass", "gpu"),
        "EC2NodeClass gpu",
    ),
]  # fmt: skip
"""`network path` and `source` have tests of their own."""

CRDS = """
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: virtualservices.networking.istio.io},
 spec: {group: networking.istio.io, names: {kind: VirtualService}, scope: Namespaced, versions: [{name: v1, served: true}]}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: nodepools.karpenter.sh},
 spec: {group: karpenter.sh, names: {kind: NodePool}, scope: Cluster, versions: [{name: v1, served: true}]}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: ec2nodeclasses.karpenter.k8s.aws},
 spec: {group: karpenter.k8s.aws, names: {kind: EC2NodeClass}, scope: Cluster, versions: [{name: v1, served: true}]}}
"""
BASE = Wave("base", [*objects(CRDS), *objects(named("v1", "Namespace", "app"))])

every_case = pytest.mark.parametrize("case", CASES, ids=[case.reference for case in CASES])


@every_case
def test_a_need_that_the_same_wave_supplies_is_no_finding(case: Case) -> None:
    assert check([BASE, Wave("both", [*objects(case.holder), *objects(case.supply)])]) == []


@every_case
def test_a_need_that_nothing_supplies_is_found_with_its_path_and_remedy(case: Case) -> None:
    others: list[Any] = []
    if case.reference == "named port":  # without any pods it would be the selector's finding
        others = deepcopy(list(objects(case.supply)))
        others[0]["spec"]["containers"][0]["ports"][0]["name"] = "other"
    [finding] = check([BASE, Wave("platform", [*objects(case.holder), *others])])
    assert (finding.reference, finding.wave, finding.needed) == (case.reference, "platform", case.needed)
    assert finding.found.startswith("found nowhere")
    assert finding.path
    assert finding.remedy


@every_case
def test_a_need_that_a_later_wave_supplies_is_found_and_says_which(case: Case) -> None:
    findings = check([BASE, Wave("early", objects(case.holder)), Wave("late", objects(case.supply))])
    assert case.needed in {finding.needed for finding in findings}
    assert {finding.found for finding in findings} == {"found only from wave 'late' on"}


@every_case
def test_what_is_named_as_coming_from_a_controller_is_no_finding(case: Case) -> None:
    brought = [Brought(obj, by="a controller") for obj in objects(case.supply)]
    assert check([BASE, Wave("platform", objects(case.holder), brought)]) == []


def test_every_reference_of_the_table_has_a_case() -> None:
    assert {case.reference for case in CASES} | {"network path"} == {reference.name for reference in REFERENCES}


@given(st.data())
def test_in_any_order_of_waves_exactly_what_comes_too_late_is_found(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(CASES), unique_by=lambda case: case.reference, min_size=1, max_size=6))
    positions = [(case, data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))) for case in chosen]
    waves: list[list[Any]] = [[], [], [], []]
    for case, holder, supply in positions:
        waves[holder] += objects(case.holder)
        waves[supply] += objects(case.supply)
    findings = check([BASE, *(Wave(f"wave {position}", wave) for position, wave in enumerate(waves))])
    too_late = {case.needed for case, holder, supply in positions if supply > holder}
    # A Service whose pods come late lacks both the pods and their port.
    assert too_late <= {finding.needed for finding in findings}
    assert {finding.wave for finding in findings} == {f"wave {holder}" for _, holder, supply in positions if supply > holder}
