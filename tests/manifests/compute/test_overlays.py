"""What Karpenter is told about instance types beside what AWS tells it."""

from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.karpenter import controller
from mlplatform.manifests.compute.overlays import node_overlays
from tests.manifests.compute.test_pools import environment


def by_name(found: Settings) -> dict[str, dict[str, Any]]:
    return {overlay["metadata"]["name"]: dict(overlay["spec"]) for overlay in node_overlays(found)}


@pytest.mark.parametrize("region", ["cn-north-1", "cn-northwest-1"])
def test_in_china_each_type_of_a_pool_has_its_price_in_yuan_by_one_requirement_alone(region: str) -> None:
    overlays = by_name(environment(region=region))
    assert overlays["price-g5.xlarge"] == {
        "requirements": [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["g5.xlarge"]}],
        "price": "9.51389",
    }
    assert overlays["price-g4dn.16xlarge"]["price"] == "43.218"
    assert {"price-m5.large", "price-r6i.4xlarge"} <= set(overlays)


def test_types_that_no_pool_launches_have_no_overlay() -> None:
    names = set(by_name(environment("sizes: [xlarge]")))
    assert {"price-g4dn.xlarge", "price-g5.xlarge"} <= names
    # The first is of another size, the second has four GPUs, the third is of no pool.
    assert not {"price-g5.2xlarge", "price-g5.12xlarge", "price-p3.2xlarge"} & names


def test_spot_and_reservations_keep_the_prices_that_ec2_tells() -> None:
    kept = by_name(environment())["own-prices-but-on-demand"]
    assert kept["requirements"] == [{"key": "karpenter.sh/capacity-type", "operator": "NotIn", "values": ["on-demand"]}]
    assert kept["priceAdjustment"] == "+0%"
    assert kept["weight"] > 1


@pytest.mark.parametrize("name", ["global-dev", "global-prod"])
def test_where_karpenter_knows_every_price_there_is_no_overlay_and_no_gate(name: str) -> None:
    found = load(name)
    assert node_overlays(found) == []
    assert controller(found).values["settings"]["featureGates"] == {"nodeOverlay": False}


def test_the_gate_opens_for_overlays() -> None:
    sharing = environment("sharing: {strategy: time-slicing, replicas: 2}", region="us-west-2")
    assert controller(sharing).values["settings"]["featureGates"] == {"nodeOverlay": True}
    assert controller(load("china-prod")).values["settings"]["featureGates"] == {"nodeOverlay": True}


def test_a_node_counts_for_as_many_gpus_as_its_plugin_will_show() -> None:
    found = environment("sharing: {strategy: time-slicing, replicas: 4}\ngpus_per_node: 4", region="us-west-2")
    overlays = by_name(found)
    assert {name: overlay["capacity"] for name, overlay in overlays.items()} == {
        "shared-gpu-1": {"nvidia.com/gpu": "4"},
        "shared-gpu-2": {"nvidia.com/gpu": "8"},
        "shared-gpu-4": {"nvidia.com/gpu": "16"},
    }
    assert {"key": "karpenter.sh/nodepool", "operator": "In", "values": ["gpu"]} in overlays["shared-gpu-1"]["requirements"]
