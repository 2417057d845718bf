"""How much a tenant may take, as the API server counts it."""

from typing import Any

import pytest

from mlplatform.manifests.tenants.releases import tenant_release
from tests.cluster.admission.pods import admitted, pod
from tests.cluster.cluster import RefusedError
from tests.cluster.tenants.platform import Platform, environment

GPU = "nvidia.com/gpu"


@pytest.fixture(scope="module", autouse=True)
def tenant(platform: Platform) -> None:
    """A tenant with one GPU and 16 Gi of memory."""
    settings = environment()
    platform.install(tenant_release(settings, "vision", settings.tenants["vision"]))
    platform.cluster.wait("resourcequota/tenant", "jsonpath={.status.hard}", "vision")
    platform.cluster.wait("serviceaccount/default", "create", "vision")


def gpus(count: int) -> Any:
    return {"limits": {GPU: str(count), "memory": "1Gi"}, "requests": {"cpu": "1", "memory": "1Gi"}}


def test_a_tenant_has_its_gpus_and_no_more(platform: Platform) -> None:
    assert admitted(platform.cluster, "vision", pod(resources=gpus(1)))
    with pytest.raises(
        RefusedError, match=r"exceeded quota: tenant, requested: requests.nvidia.com/gpu=2, used: .*limited: requests.nvidia.com/gpu=1"
    ):
        admitted(platform.cluster, "vision", pod(resources=gpus(2)))


def test_a_second_pod_is_counted_with_the_first(platform: Platform) -> None:
    platform.cluster.apply(pod(name="first", resources=gpus(1)), namespace="vision")
    with pytest.raises(RefusedError, match=r"used: requests.nvidia.com/gpu=1, limited: requests.nvidia.com/gpu=1"):
        admitted(platform.cluster, "vision", pod(name="second", resources=gpus(1)))
    platform.cluster.kubectl("delete", "pod/first", "--namespace=vision", "--now")


def test_memory_is_counted_whatever_a_container_says_of_it(platform: Platform) -> None:
    [container] = admitted(platform.cluster, "vision", pod())["spec"]["containers"]
    assert container["resources"] == {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
    with pytest.raises(RefusedError, match=r"exceeded quota: tenant, requested: limits.memory=32Gi,requests.memory=32Gi"):
        admitted(platform.cluster, "vision", pod(resources={"limits": {"memory": "32Gi"}, "requests": {"cpu": "1"}}))


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
def test_a_tenant_opens_no_way_in_past_the_gateway(platform: Platform, kind: str) -> None:
    spec = {"type": kind, "selector": {"app": "mine"}, "ports": [{"port": 80}]}
    with pytest.raises(RefusedError, match=r"exceeded quota: tenant"):
        admitted(platform.cluster, "vision", {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "open"}, "spec": spec})


def test_a_tenants_pod_does_not_get_at_its_node(platform: Platform) -> None:
    with pytest.raises(RefusedError, match='violates PodSecurity "baseline'):
        admitted(platform.cluster, "vision", pod(hostNetwork=True))
