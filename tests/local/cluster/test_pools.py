import pytest

from mlplatform.config.instances import OFFERED
from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.compute.tables.images import RELEASES
from mlplatform.local.cluster import pools
from mlplatform.local.cluster.api import Object

AROUND = pools.Surroundings("china-dev", "cn-north-1", "china-dev-cn-north-1-node", idle="5s")


def requirements(pool: Object) -> dict[str, list[str]]:
    return {entry["key"]: entry["values"] for entry in pool["spec"]["template"]["spec"]["requirements"]}


@pytest.mark.parametrize("region", REGIONS)
def test_pools_ask_for_families_that_their_region_offers(region: str) -> None:
    around = pools.Surroundings("demo", region, "node")
    for pool in (pools.gpu_pool(around), pools.cpu_pool(around)):
        families = requirements(pool)["karpenter.k8s.aws/instance-family"]
        assert families
        assert set(families) <= OFFERED[region]


def test_gpu_nodes_have_one_gpu_and_a_taint_and_go_all_at_once() -> None:
    pool = pools.gpu_pool(AROUND)
    assert requirements(pool)["karpenter.k8s.aws/instance-gpu-count"] == ["1"]
    assert pool["spec"]["template"]["spec"]["taints"] == [{"key": "nvidia.com/gpu", "effect": "NoSchedule"}]
    assert pool["spec"]["disruption"] == {"consolidationPolicy": "WhenEmpty", "consolidateAfter": "5s", "budgets": [{"nodes": "100%"}]}


def test_the_device_plugin_runs_on_gpu_nodes_alone() -> None:
    template = pools.device_plugin()["spec"]["template"]["spec"]
    assert template["nodeSelector"] == pools.gpu_pool(AROUND)["spec"]["template"]["metadata"]["labels"]


def test_nodes_are_launched_from_a_pinned_image_into_the_clusters_network() -> None:
    spec = pools.node_class(AROUND)["spec"]
    assert spec["amiSelectorTerms"] == [{"alias": f"al2023@{RELEASES[-1]}"}]
    assert spec["subnetSelectorTerms"] == [{"tags": {"karpenter.sh/discovery": "china-dev"}}]
    assert spec["securityGroupSelectorTerms"] == [{"tags": {"aws:eks:cluster-name": "china-dev"}}]
    assert spec["metadataOptions"] == {"httpTokens": "required", "httpPutResponseHopLimit": 1}
