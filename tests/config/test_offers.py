"""What pools may launch, against the data that it was taken from."""

from typing import Any

import pytest
from moto.ec2.models.instance_types import INSTANCE_TYPES

from mlplatform.config.accelerators import GPU_FAMILIES, UNUSABLE
from mlplatform.config.instance_types import instance_type, of_family, pool_families
from mlplatform.config.instances import FAMILIES, OFFERED
from mlplatform.config.load import load
from mlplatform.config.node_capacity import Capacity, node_capacity, system_capacity
from mlplatform.config.offers import launchable, left_out
from mlplatform.config.pool_defaults import CPU_FAMILIES
from mlplatform.config.prices import on_demand, price_list, restored
from mlplatform.config.quotas import quota
from mlplatform.config.regions import REGIONS
from mlplatform.config.sections import SystemNodes
from tests.config.files import DEV, settings

ALL = [kind for family in FAMILIES if FAMILIES[family].serves_system_nodes or family in GPU_FAMILIES for kind in of_family(family)]
DESCRIBED: dict[str, dict[str, Any]] = INSTANCE_TYPES


def test_types_are_what_ec2_describes():
    # moto's copy of what EC2 says has lost p3.
    for kind in (kind for kind in ALL if kind.family != "p3"):
        described = DESCRIBED[kind.name]
        gpu: dict[str, Any] = described.get("GpuInfo", {"Gpus": [{}]})["Gpus"][0]
        assert (kind.vcpus, kind.memory_mib, kind.gpus, kind.gpu, kind.gpu_memory_mib, kind.local_disks) == (
            described["VCpuInfo"]["DefaultVCpus"],
            described["MemoryInfo"]["SizeInMiB"],
            gpu.get("Count", 0),
            gpu.get("Name", "").lower(),
            gpu.get("MemoryInfo", {}).get("SizeInMiB", 0),
            described["InstanceStorageSupported"],
        ), kind.name


def test_every_gpu_of_a_family_without_tables_for_pools_has_a_reason():
    assert not set(UNUSABLE) & set(GPU_FAMILIES)
    assert set(GPU_FAMILIES) == {name for name in FAMILIES if name[0] in "gp"}


def test_a_type_that_is_not_one_is_an_error():
    for name in ("g5.large", "x1.large", "inf1.xlarge"):
        with pytest.raises(KeyError):
            instance_type(name)


def test_beijing_has_g4dn_and_g5_and_not_what_is_newer():
    pool = load("china-prod").compute.pools["gpu"]
    assert {kind.family for kind in launchable(pool, "cn-north-1")} == {"g4dn", "g5"}
    assert {kind.gpus for kind in launchable(pool, "cn-north-1")} == {1}
    reasons = left_out(pool, "cn-north-1")
    assert reasons["g6"] == reasons["p5"] == "not offered in cn-north-1"
    assert reasons["p3"] == "offered, and not among the pool's families"
    assert reasons["g4ad"] == "its GPUs are not NVIDIA's"


def test_a_family_of_many_gpus_is_left_out_where_a_node_may_have_one():
    pool = load("global-prod").compute.pools["gpu"]
    assert left_out(pool, "us-west-2")["p4d"] == "8 GPUs a node or more, and gpus_per_node is 1"


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_default_families_are_offered_and_priced_where_any_are(region: str):
    assert set(CPU_FAMILIES) <= OFFERED[region]
    assert "g4dn" in pool_families(region, gpus=True)
    prices = price_list(region)
    types = [kind for family in (*CPU_FAMILIES, "g4dn") for kind in of_family(family)]
    assert all(bool(prices) == (on_demand(region, kind.name) is not None) for kind in types)
    assert prices is None or prices.currency == REGIONS[region].partition.currency


def test_prices_are_restored_where_karpenter_compares_two_currencies():
    assert restored("CNY", "g5.xlarge") == 9.51389
    assert restored("USD", "g5.xlarge") is None
    assert restored("CNY", "m8i.large") is None


def test_a_node_keeps_what_its_system_needs():
    assert node_capacity(instance_type("m5.xlarge")) == Capacity(cpu_millis=3920, memory_mib=13_590, pods=110)
    assert node_capacity(instance_type("g5.48xlarge")) == Capacity(cpu_millis=191_450, memory_mib=724_344, pods=250, gpus=8)


def test_system_nodes_count_as_the_least_of_their_types_and_one_of_them_as_missing():
    nodes = SystemNodes(instance_types=("m5.xlarge", "c5.xlarge"), minimum=3, desired=4, maximum=4)
    small = node_capacity(instance_type("c5.xlarge"))
    assert system_capacity(nodes) == Capacity(3 * small.cpu_millis, 3 * small.memory_mib, 3 * 110)


def test_a_quota_is_that_of_a_family_and_of_how_it_is_bought():
    assert [
        quota(family, capacity).code for family, capacity in (("g5", "on-demand"), ("g5", "spot"), ("p5en", "spot"), ("p4d", "spot"))
    ] == [
        "L-DB2E81BA",
        "L-3819A6DF",
        "L-C4BD4855",
        "L-7212CCBC",
    ]
    assert quota("p3", "reserved") == quota("p5", "on-demand")
    assert not quota("m5", "spot").for_gpus


def test_a_pool_launches_the_sizes_that_it_names():
    found = settings(f"{DEV}    compute: {{pools: {{cpu: {{families: [m5], sizes: [xlarge]}}}}}}").compute.pools["cpu"]
    assert [kind.name for kind in launchable(found, "cn-north-1")] == ["m5.xlarge"]
