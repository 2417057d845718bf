"""A component whole."""

from typing import Any

import pytest

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, container, controller, system_pod, web_app

MAIN = container("main", "registry.example.com/jupyter:1", Resources(cpu="10m", memory="64Mi"), ports={"http": 5000})
POD = system_pod("jupyter", [MAIN], account="jupyter")


def by_kind(objects: list[Object]) -> dict[str, Any]:
    return {obj["kind"]: obj for obj in objects}


def test_a_controller_is_its_deployment_and_the_account_that_its_pods_name() -> None:
    made = by_kind(controller("jupyter", "kubeflow", POD))
    assert sorted(made) == ["Deployment", "ServiceAccount"]
    assert made["ServiceAccount"]["metadata"]["name"] == made["Deployment"]["spec"]["template"]["spec"]["serviceAccountName"]


def test_pods_without_an_account_have_no_token_and_make_none() -> None:
    template = system_pod("jupyter", [MAIN])
    assert template["spec"]["automountServiceAccountToken"] is False
    assert sorted(by_kind(controller("jupyter", "kubeflow", template))) == ["Deployment"]


def test_a_service_that_others_know_by_another_name_leads_to_the_same_pods() -> None:
    made = by_kind(controller("jupyter", "kubeflow", POD, ports={"http": (80, "http")}, service_name="notebooks"))
    assert made["Service"]["metadata"]["name"] == "notebooks"
    assert made["Service"]["spec"]["selector"] == made["Deployment"]["spec"]["selector"]["matchLabels"]


def test_several_replicas_have_a_budget_and_one_has_none() -> None:
    assert "PodDisruptionBudget" in by_kind(controller("jupyter", "kubeflow", POD, replicas=2))
    assert "PodDisruptionBudget" not in by_kind(controller("jupyter", "kubeflow", POD, replicas=1))


def test_only_the_gateway_reaches_a_web_app_and_at_the_port_of_its_container() -> None:
    made = by_kind(web_app("jupyter", "kubeflow", POD, prefix="/jupyter/", rewrite="/"))
    assert made["NetworkPolicy"]["spec"]["ingress"] == [
        {
            "ports": [{"port": 5000, "protocol": "TCP"}],
            "from": [
                {
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "istio-system"}},
                    "podSelector": {"matchLabels": {"istio": "ingressgateway"}},
                }
            ],
        }
    ]
    assert made["AuthorizationPolicy"]["spec"]["rules"] == [
        {"from": [{"source": {"principals": ["cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"]}}]}
    ]


def test_a_web_apps_path_leads_to_its_service() -> None:
    made = by_kind(web_app("jupyter", "kubeflow", POD, prefix="/jupyter/", port=(8080, "http"), rewrite="/", timeout="300s"))
    [route] = made["VirtualService"]["spec"]["http"]
    assert route == {
        "match": [{"uri": {"prefix": "/jupyter/"}}],
        "rewrite": {"uri": "/"},
        "route": [{"destination": {"host": "jupyter.kubeflow.svc.cluster.local", "port": {"number": 8080}}}],
        "timeout": "300s",
    }
    assert [port["port"] for port in made["Service"]["spec"]["ports"]] == [8080]


def test_a_web_app_whose_containers_have_no_such_port_is_refused() -> None:
    with pytest.raises(ValueError, match="web app jupyter: no container has a port named 'web'; name it in `ports` of one"):
        web_app("jupyter", "kubeflow", POD, prefix="/", port=(80, "web"))
