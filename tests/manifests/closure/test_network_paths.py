"""Connections that something needs, against the NetworkPolicies of both ends."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from mlplatform.manifests.closure import check
from mlplatform.manifests.objects import Ref
from mlplatform.manifests.wave import Connection, Wave


def objects(text: str) -> list[Any]:
    yaml: Any = YAML(typ="safe")
    return list(yaml.load_all(text))


NAMESPACES = """
{apiVersion: v1, kind: Namespace, metadata: {name: app, labels: {team: blue}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: data}}
"""
SERVER = """
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: data, labels: {app: db}},
 spec: {containers: [{name: main, ports: [{name: mysql, containerPort: 3306}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: data}, spec: {selector: {app: db}, ports: [{port: 80, targetPort: mysql}]}}
"""
CLIENT = """
{apiVersion: v1, kind: Pod, metadata: {name: client, namespace: app, labels: {app: client}},
 spec: {containers: [{name: main, env: [{name: HOST, value: "db.data.svc.cluster.local:80"}]}]}}
"""


def policy(spec: str, name: str = "only", namespace: str = "data") -> str:
    return (
        f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: {namespace}}}, spec: {{{spec}}}}}"
    )


def found(*policies: str, client: str = CLIENT, later: str = "") -> list[str]:
    waves = [
        Wave("base", objects(NAMESPACES)),
        Wave("data", [*objects(SERVER), *(obj for text in policies for obj in objects(text))]),
        Wave("platform", objects(client)),
        Wave("later", objects(later) if later else []),
    ]
    return [str(finding) for finding in check(waves)]


@pytest.mark.parametrize(
    "spec",
    [
        "podSelector: {matchLabels: {app: other}}",
        "podSelector: {}, ingress: [{}]",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: app}}, podSelector: {matchLabels: {app: client}}}]}]",
        "podSelector: {}, ingress: [{ports: [{port: 3306}]}]",
        "podSelector: {}, ingress: [{ports: [{port: mysql}]}]",
        "podSelector: {}, ingress: [{ports: [{port: 3300, endPort: 3310}]}]",
        "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",
        "podSelector: {}, policyTypes: [Egress]",
    ],
)
def test_a_connection_that_a_policy_admits_is_no_finding(spec: str) -> None:
    assert found(policy(spec)) == []


@pytest.mark.parametrize(
    "spec",
    [
        "podSelector: {}",
        "podSelector: {matchExpressions: [{key: app, operator: In, values: [db]}]}, policyTypes: [Ingress]",
        "podSelector: {}, ingress: [{from: [{podSelector: {}}]}]",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}}}]}]",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: other}}}]}]",
        "podSelector: {}, ingress: [{ports: [{port: 80}]}]",
        "podSelector: {}, ingress: [{ports: [{port: 3306, protocol: UDP}]}]",
        "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
    ],
)
def test_a_connection_that_no_policy_admits_is_found_with_the_policy(spec: str) -> None:
    assert found(policy(spec)) == [
        (
            "platform: Pod app/client: spec.containers[0].env[0].value: needs the connection from Pod app/client to Pod data/db on port 3306: "
            "closed by NetworkPolicy data/only; admit it in a NetworkPolicy of namespace data"
        )
    ]


def test_policies_add_up_so_one_that_admits_is_enough() -> None:
    assert found(policy("podSelector: {}", "deny"), policy("podSelector: {}, ingress: [{}]", "admit")) == []


def test_a_policy_on_the_way_out_closes_it_too() -> None:
    [finding] = found(policy("podSelector: {}, policyTypes: [Egress]", namespace="app"))
    assert "closed by NetworkPolicy app/only" in finding
    assert found(policy("podSelector: {}, egress: [{to: [{namespaceSelector: {}}]}]", namespace="app")) == []


def test_a_policy_of_a_later_wave_that_closes_it_is_found() -> None:
    [finding] = found(later=policy("podSelector: {}"))
    assert "closed by NetworkPolicy data/only" in finding


def test_a_policy_of_a_later_wave_that_opens_it_is_found_and_says_which() -> None:
    [finding] = found(policy("podSelector: {}"), later=policy("podSelector: {}, ingress: [{}]", "admit"))
    assert "found only from wave 'later' on" in finding


WEBHOOK = """
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: hook}
webhooks: [{clientConfig: {service: {name: db, namespace: data, port: 80}}}]
"""


def test_the_api_server_is_no_pod_so_only_a_rule_without_selectors_admits_it_to_a_webhook() -> None:
    [finding] = found(policy("podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]"), client=WEBHOOK)
    assert "needs the connection from the API server to Pod data/db on port 3306" in finding
    assert "leave the rule's `from` out" in finding
    assert found(policy("podSelector: {}, ingress: [{ports: [{port: 3306}]}]"), client=WEBHOOK) == []


MESH = """
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: virtualservices.networking.istio.io},
 spec: {group: networking.istio.io, names: {kind: VirtualService}, scope: Namespaced, versions: [{name: v1, served: true}]}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: gateways.networking.istio.io},
 spec: {group: networking.istio.io, names: {kind: Gateway}, scope: Namespaced, versions: [{name: v1, served: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: door, namespace: app, labels: {istio: door}}, spec: {containers: [{name: main}]}}
---
{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: gate, namespace: data}, spec: {selector: {istio: door}}}
---
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: route, namespace: data},
 spec: {gateways: [gate], http: [{route: [{destination: {host: db}}]}]}}
"""


def test_a_route_needs_the_way_from_the_gateways_pods() -> None:
    [finding] = found(policy("podSelector: {}, ingress: [{from: [{podSelector: {}}]}]"), client=MESH)
    assert "needs the connection from Pod app/door to Pod data/db on port 3306" in finding
    assert found(policy("podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]"), client=MESH) == []


SILENT = "{apiVersion: v1, kind: Pod, metadata: {name: silent, namespace: app}, spec: {containers: [{name: main}]}}"


def declared(source: str, port: int) -> list[str]:
    connection = Connection(Ref("Pod", source, "app"), Ref("Service", "db", "data"), port)
    waves = [
        Wave("base", objects(NAMESPACES)),
        Wave("data", [*objects(SERVER), *objects(policy("podSelector: {}"))]),
        Wave("platform", objects(SILENT), connections=[connection]),
    ]
    return [str(finding) for finding in check(waves)]


def test_a_declared_connection_is_followed_where_no_object_names_it() -> None:
    assert "needs the connection from Pod app/silent to Pod data/db" in declared("silent", 80)[0]
    assert "needs port 81 of Service data/db: found nowhere, but it has 80" in declared("silent", 81)[0]


def test_a_connection_declared_for_no_workload_of_its_wave_is_found() -> None:
    assert declared("absent", 80) == [
        (
            "platform: Pod app/absent: needs to be in the wave that declares its connection to Service data/db: found nowhere in it; "
            "declare the connection in the wave of the workload"
        )
    ]
