"""How much a tenant and a container of it may take."""

from mlplatform.config.checks.tenants import SIDECAR
from mlplatform.config.load import load
from mlplatform.config.quantities import cpu_millis, memory_mib
from mlplatform.manifests import releases
from tests.manifests.tenants.tenants import VISION, only

QUOTA = f"{VISION}, quota: {{cpu: '8', memory: 64Gi, gpus: 1, storage: 1Ti, pods: 20}}"


def test_a_tenant_may_ask_for_what_its_quota_says():
    hard = only("ResourceQuota", QUOTA)["spec"]["hard"]
    assert {key: value for key, value in hard.items() if not key.startswith(("services", "count"))} == {
        "requests.cpu": "8",
        "requests.memory": "64Gi",
        "limits.memory": "64Gi",
        "requests.nvidia.com/gpu": "1",
        "requests.storage": "1Ti",
        "pods": "20",
    }


def test_a_tenant_opens_no_way_in_past_the_gateway():
    hard = only("ResourceQuota")["spec"]["hard"]
    assert {key for key, value in hard.items() if value == "0"} == {
        "services.loadbalancers",
        "services.nodeports",
        "count/ingresses.networking.k8s.io",
    }


def test_the_quota_has_not_the_name_of_the_one_that_the_controller_deletes():
    assert only("ResourceQuota")["metadata"]["name"] != "kf-resource-quota"


def test_a_container_that_says_nothing_gets_defaults_and_no_limit_of_cpu():
    [item] = only("LimitRange", f"{VISION}, containers: {{cpu: 250m, memory: 2Gi}}")["spec"]["limits"]
    assert item == {"type": "Container", "defaultRequest": {"cpu": "250m", "memory": "2Gi"}, "default": {"memory": "2Gi"}}


def test_a_largest_container_is_said_with_the_limit_that_kubernetes_makes_of_it():
    [item] = only("LimitRange", f"{VISION}, containers: {{largest_cpu: '4', largest_memory: 32Gi}}")["spec"]["limits"]
    assert item["max"] == {"cpu": "4", "memory": "32Gi"}
    assert item["default"] == {"cpu": "4", "memory": "1Gi"}
    [item] = only("LimitRange", f"{VISION}, containers: {{largest_memory: 32Gi}}")["spec"]["limits"]
    assert item["max"] == {"memory": "32Gi"}
    assert item["default"] == {"memory": "1Gi"}


def test_what_config_takes_the_meshs_sidecar_for_is_what_it_is():
    [istiod] = [each for each in releases(load("china-prod")) if each.name == "istiod"]
    limits = istiod.values["global"]["proxy"]["resources"]["limits"]
    assert cpu_millis(limits["cpu"]) == cpu_millis(SIDECAR["cpu"])
    assert memory_mib(limits["memory"]) == memory_mib(SIDECAR["memory"])
