"""Who reaches the pods of a tenant, by the rules of NetworkPolicies."""

import pytest

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.policies import Attempt, blocking
from mlplatform.manifests.objects import Object
from mlplatform.manifests.tenants.releases import tenants_releases
from mlplatform.manifests.wave import Wave
from tests.manifests.tenants.tenants import environment

OTHER_NAMESPACES = {
    "kubeflow": {"istio-injection": "enabled"},
    "istio-system": {},
    "auth": {},
    "default": {},
}


def pod(namespace: str, **labels: str) -> Object:
    metadata = {"name": "pod", "namespace": namespace, "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [{"name": "main", "image": "x"}]}}


def reaches(source: Object, target: Object, port: int = 8888) -> bool:
    """Whether one pod can connect to another where two tenants are."""
    objects = [obj for each in tenants_releases(environment(name="vision speech")) for obj in each.objects]
    namespaces = {
        **OTHER_NAMESPACES,
        **{each["metadata"]["name"]: each["metadata"]["labels"] for each in objects if each["kind"] == "Namespace"},
    }
    ends = [{**end, "metadata": {**end["metadata"], "name": f"pod-{number}"}} for number, end in enumerate((source, target))]
    inventory = Inventory([Wave("all", objects=[*objects, *ends])])
    by_name = {found.item.ref.name: found for found in inventory.pods}
    labels = {name: {**given, "kubernetes.io/metadata.name": name} for name, given in namespaces.items()}
    attempt = Attempt(by_name["pod-0"], by_name["pod-1"], port, labels)
    return not blocking(attempt, inventory.of("NetworkPolicy.networking.k8s.io"))


@pytest.mark.parametrize("port", [80, 8888, 29500])
def test_pods_of_a_tenant_reach_each_other_on_every_port(port: int):
    assert reaches(pod("vision"), pod("vision"), port)


@pytest.mark.parametrize("source", ["speech", "auth", "default"])
def test_nobody_elses_pods_reach_them(source: str):
    assert not reaches(pod(source), pod("vision"))
    # By name alone, and not by what a pod says of itself.
    assert not reaches(pod(source, istio="ingressgateway"), pod("vision"))


def test_the_gateway_leads_to_them_and_nothing_else_of_its_namespace():
    assert reaches(pod("istio-system", istio="ingressgateway"), pod("vision"))
    assert not reaches(pod("istio-system", app="istiod"), pod("vision"))


def test_kubeflows_components_reach_them():
    assert reaches(pod("kubeflow", app="notebook-controller"), pod("vision"), 8888)
