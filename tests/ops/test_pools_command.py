"""`mlp pools` as a person runs it."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlplatform.config.instance_types import instance_type
from mlplatform.config.load import ConfigError, environments, load
from mlplatform.config.node_capacity import Capacity
from mlplatform.manifests import releases
from mlplatform.ops.main import main
from mlplatform.ops.placement import AGENTS, choose, parse_request, room, why_not
from tests.config.files import DEV, settings

POOLS = f"""{DEV}
    compute:
      pools:
        gpu: {{accelerator: nvidia, families: [g5, g4dn]}}
        many: {{accelerator: nvidia, families: [p3], sizes: [8xlarge, 16xlarge], gpus_per_node: 8}}
        shared: {{accelerator: nvidia, families: [g4dn], weight: 1, sharing: {{strategy: time-slicing, replicas: 4}}, taints: [{{key: a}}]}}
"""


def pools(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["pools", *arguments])


def as_json(*arguments: str) -> Any:
    return json.loads(pools(*arguments, "--json").output)


def test_china_is_offered_g4dn_and_g5_and_refused_what_is_newer_with_a_sentence():
    said = pools("china-prod")
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert "gpu leaves out g6, g6e, p4d, p4de, p5, p5en: not offered in cn-north-1" in lines
    types = {row["type"] for row in as_json("china-prod")["types"] if row["pool"] == "gpu"}
    assert {name.partition(".")[0] for name in types} == {"g4dn", "g5"}
    assert not [line for line in lines if line.split()[1:2] and line.split()[1].startswith(("g6", "p5"))]


def test_a_type_is_shown_with_its_gpus_memory_price_and_how_it_is_bought():
    rows = {row["type"]: row for row in as_json("china-dev")["types"] if row["pool"] == "gpu"}
    assert rows["g5.xlarge"] == {
        "pool": "gpu",
        "type": "g5.xlarge",
        "gpus": 1,
        "gpu": "a10g",
        "gpu_memory_gib": 22.4,
        "vcpus": 4,
        "memory_gib": 16.0,
        "price": 9.51389,
        "currency": "CNY",
        "capacity": ["spot", "on-demand"],
    }
    assert (
        "Prices are on demand, from Karpenter 1.14.1's price list of cn-north-1, 2024-11-06; spot costs less." in pools("china-dev").output
    )


def test_quotas_are_those_that_the_limits_need():
    found = {row["code"]: row for row in as_json("china-prod")["quotas"] if row["pool"] == "gpu"}
    assert found["L-DB2E81BA"]["zero_in_new_account"]
    assert (found["L-DB2E81BA"]["least_vcpus"], found["L-DB2E81BA"]["most_vcpus"]) == (16 * 4, 16 * 64)
    assert "L-3819A6DF" in {row["code"] for row in as_json("china-dev")["quotas"]}
    assert "A new account has 0 of those for G and P" in pools("china-prod").output


@pytest.mark.parametrize(
    ("asked", "environment", "chosen", "price"),
    [
        ("gpu=1,memory=32Gi", "china-prod", "g4dn.4xlarge", 11.956),
        ("gpu=1", "china-prod", "g4dn.xlarge", 5.223),
        ("gpu=1,memory=32Gi", "global-prod", "g6.4xlarge", 1.3232),
        ("cpu=500m,memory=1Gi", "global-prod", "c5.large", 0.085),
    ],
)
def test_a_pod_gets_the_cheapest_node_that_has_room(asked: str, environment: str, chosen: str, price: float):
    found = as_json(environment, "--for", asked)
    assert (found["type"], found["price"]) == (chosen, price)
    assert chosen in pools(environment, "--for", asked).output


def test_a_pod_that_no_pool_takes_is_told_why():
    said = pools("china-prod", "--for", "gpu=4")
    assert said.exit_code == 1
    assert said.stderr.splitlines() == [
        "mlp pools: no pool of china-prod takes such a pod",
        "cpu: its nodes have no GPUs",
        "gpu: its nodes have 1 GPU at most: raise gpus_per_node, or add a pool",
    ]
    assert as_json("china-prod", "--for", "cpu=100")["reasons"] == {
        "cpu": "a pod can have 15.49 CPUs and 116 GiB of its largest nodes",
        "gpu": "its nodes take only pods that ask for a GPU",
    }


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("mem=2", "'mem=2' is not one of gpu=COUNT, cpu=CPUS and memory=BYTES"),
        ("gpu=0", "gpu=0 is not a whole number from 1 to 99"),
        ("cpu=a", "cpu=a is not a number of CPUs, as 4, 0.5 or 500m"),
        ("memory=3Qi", "memory=3Qi is not an amount of memory, as 32Gi or 512Mi"),
        ("memory=999999999Ti", "memory=999999999Ti is not an amount of memory, as 32Gi or 512Mi"),
        ("gpu=1,gpu=2", "gpu is there twice"),
        ("", "'' is not one of gpu=COUNT, cpu=CPUS and memory=BYTES"),
    ],
)
def test_a_size_that_cannot_be_read_is_bad_input(asked: str, problem: str):
    said = pools("china-prod", "--for", asked)
    assert said.exit_code == 2
    assert problem in said.stderr


def test_a_size_is_read_as_kubernetes_reads_it():
    assert parse_request("gpu=2, cpu=1.5, memory=1G") == Capacity(cpu_millis=1_500, memory_mib=954, pods=1, gpus=2)
    assert parse_request("cpu=500m,memory=512Mi") == Capacity(cpu_millis=500, memory_mib=512, pods=1)


def test_a_pool_with_a_taint_is_for_pods_that_tolerate_it_and_a_shared_gpu_for_one_share():
    found = settings(POOLS)
    shared = found.compute.pools["shared"]
    assert why_not(found, shared, parse_request("gpu=1")) == "its nodes take only pods that tolerate a"
    open_again = shared.model_copy(update={"taints": ()})
    assert why_not(found, open_again, parse_request("gpu=2")) == "its GPUs are shared, and a pod can have one share"
    assert why_not(found, open_again, parse_request("gpu=1")) is None
    assert room(open_again, instance_type("g4dn.xlarge")).gpus == 4


def test_a_pod_of_several_gpus_goes_to_the_pool_that_has_them():
    chosen = choose(settings(POOLS), parse_request("gpu=4"))
    assert chosen
    assert (chosen[0].name, chosen[1].name) == ("many", "p3.8xlarge")


def test_without_prices_the_smallest_node_is_taken_for_the_cheapest():
    found = settings(POOLS.replace("cn-north-1", "cn-northwest-1"))
    chosen = choose(found, parse_request("gpu=1,memory=20Gi"))
    assert chosen
    assert chosen[1].name == "g5.2xlarge"


def test_an_environment_that_is_not_there_is_bad_input():
    with pytest.raises(ConfigError, match="'nowhere' is not an environment"):
        CliRunner().invoke(main, ["pools", "nowhere"], catch_exceptions=False)


@pytest.mark.parametrize("name", environments())
def test_the_agents_of_a_node_ask_for_no_more_than_is_set_aside(name: str):
    found = load(name)
    asked = [
        parse_request(f"cpu={requests['cpu']},memory={requests['memory']}")
        for release in releases(found)
        for item in release.objects or ()
        if item["kind"] == "DaemonSet"
        for container in item["spec"]["template"]["spec"]["containers"]
        if (requests := container["resources"]["requests"])
    ]
    assert asked
    # EKS's own: aws-node and kube-proxy, and the three containers of each storage driver.
    own = Capacity(cpu_millis=150 + 60, memory_mib=240)
    total = Capacity(sum(each.cpu_millis for each in [own, *asked]), sum(each.memory_mib for each in [own, *asked]), pods=len(asked) + 4)
    assert AGENTS.holds(total), total
