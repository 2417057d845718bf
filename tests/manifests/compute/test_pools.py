"""Pools as Karpenter gets them: what a file says becomes fields that launch it, and nothing else."""

from typing import Any

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.offers import launchable
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.pools import node_class, node_pool, node_pools, release
from mlplatform.manifests.objects import at, entries
from tests.config.files import settings

FILE = """
    account: "123456789012"
    region: {region}
    stage: {stage}
    compute:
      pools:
        gpu:
          accelerator: nvidia
          families: [g4dn, g5]
          {more}
"""
CPU_ONLY = """
    account: "123456789012"
    region: us-west-2
    stage: dev
    compute:
      pools:
        cpu:
          """
EXISTING = """
    account: "123456789012"
    region: cn-north-1
    stage: dev
    network:
      availability_zones: [cn-north-1a, cn-north-1b]
      existing:
        vpc_id: vpc-0123456789abcdef0
        private_subnets: [subnet-0000000000000000a, subnet-0000000000000000b]
        database_subnets: [subnet-0000000000000001a, subnet-0000000000000001b]
    compute:
      pools:
        gpu:
          accelerator: nvidia
          families: [g4dn]
          zones: [cn-north-1b]
"""


def environment(more: str = "", region: str = "cn-north-1", stage: str = "dev") -> Settings:
    """Return an environment with a GPU pool, of which more is said on lines of its own."""
    return settings(FILE.format(region=region, stage=stage, more=more.replace("\n", "\n          ")), name="test")


def pool_spec(found: Settings, name: str = "gpu") -> dict[str, Any]:
    return dict(node_pool(found, found.compute.pools[name])["spec"])


def class_spec(found: Settings, name: str = "gpu") -> dict[str, Any]:
    return dict(node_class(found, found.compute.pools[name])["spec"])


def required(spec: dict[str, Any], key: str) -> list[tuple[str, list[str]]]:
    found = entries(spec, "template", "spec", "requirements")
    return [(each["operator"], each["values"]) for each in found if each["key"].rpartition("/")[2] == key]


@pytest.mark.parametrize("name", environments())
def test_every_pool_has_a_class_of_its_name_that_comes_before_it(name: str) -> None:
    found = load(name)
    made = [(each["kind"], each["metadata"]["name"]) for each in release(found).objects if each["kind"] != "NodeOverlay"]
    assert made == [pair for pool in found.compute.pools for pair in (("EC2NodeClass", pool), ("NodePool", pool))]
    assert set(found.compute.pools) == {"cpu", "gpu"}
    for each in node_pools(found):
        if each["kind"] == "NodePool":
            assert at(each, "spec", "template", "spec", "nodeClassRef", "name") == each["metadata"]["name"]


@pytest.mark.parametrize("name", environments())
def test_a_gpu_node_takes_gpu_pods_alone_is_never_replaced_and_goes_when_it_is_empty(name: str) -> None:
    found = load(name)
    spec = pool_spec(found)
    assert at(spec, "template", "spec", "taints") == [{"key": "nvidia.com/gpu", "effect": "NoSchedule"}]
    assert at(spec, "template", "metadata", "labels") == {"nvidia.com/gpu.present": "true"}
    assert at(spec, "template", "spec", "expireAfter") == "Never"
    assert spec["disruption"] == {
        "consolidationPolicy": "WhenEmpty",
        "consolidateAfter": "60s" if found.stage == "dev" else "300s",
        "budgets": [{"nodes": "100%", "reasons": ["Empty"]}, {"nodes": "0", "reasons": ["Drifted", "Underutilized"]}],
    }
    assert spec["limits"] == {"nvidia.com/gpu": "4" if found.stage == "dev" else "16"}
    assert required(spec, "instance-gpu-count") == [("Gte", ["1"]), ("Lte", ["1"])]
    assert required(spec, "instance-gpu-manufacturer") == [("In", ["nvidia"])]


def test_a_pool_without_gpus_is_packed_and_renewed() -> None:
    spec = pool_spec(environment(), "cpu")
    assert at(spec, "template", "spec", "expireAfter") == "720h"
    assert spec["disruption"]["consolidationPolicy"] == "WhenEmptyOrUnderutilized"
    assert spec["disruption"]["budgets"][1] == {"nodes": "10%", "reasons": ["Drifted", "Underutilized"]}
    assert spec["limits"] == {"cpu": "64"}
    assert "taints" not in spec["template"]["spec"]
    assert required(spec, "instance-size") == [("In", ["large", "xlarge", "2xlarge", "4xlarge"])]
    assert required(spec, "instance-gpu-count") == []


def test_a_file_says_what_a_pool_may_launch() -> None:
    more = """\
sizes: [12xlarge, xlarge]
gpus_per_node: 4
capacity: [reserved, spot, on-demand]
capacity_reservations: [cr-0123456789abcdef0]
limits: {gpus: 8, vcpus: 96, memory_gib: 512}
zones: [cn-north-1a]
labels: {example.com/team: vision}
taints: [{key: example.com/team, value: vision, effect: NoExecute}]
weight: 10"""
    found = environment(more)
    spec = pool_spec(found)
    assert required(spec, "instance-size") == [("In", ["12xlarge", "xlarge"])]
    assert required(spec, "instance-gpu-count") == [("Gte", ["1"]), ("Lte", ["4"])]
    assert required(spec, "capacity-type") == [("In", ["reserved", "spot", "on-demand"])]
    assert required(spec, "zone") == [("In", ["cn-north-1a"])]
    assert spec["limits"] == {"nvidia.com/gpu": "8", "cpu": "96", "memory": "512Gi"}
    assert spec["weight"] == 10
    assert spec["template"]["metadata"]["labels"] == {"example.com/team": "vision", "nvidia.com/gpu.present": "true"}
    assert spec["template"]["spec"]["taints"][1] == {"key": "example.com/team", "value": "vision", "effect": "NoExecute"}
    assert class_spec(found)["capacityReservationSelectorTerms"] == [{"id": "cr-0123456789abcdef0"}]


@pytest.mark.parametrize("name", environments())
def test_a_pool_launches_what_mlp_pools_shows_and_no_metal(name: str) -> None:
    found = load(name)
    for pool in found.compute.pools.values():
        required = {each["key"]: each["values"] for each in node_pool(found, pool)["spec"]["template"]["spec"]["requirements"]}
        shown = launchable(pool, found.region)
        assert set(required["karpenter.k8s.aws/instance-size"]) == {kind.size for kind in shown}
        assert set(required["karpenter.k8s.aws/instance-family"]) == {kind.family for kind in shown}


def test_a_file_says_how_fast_nodes_may_go_and_no_gpu_node_goes_under_a_job() -> None:
    spec = pool_spec(environment("budgets: [{nodes: '50%', reasons: [Empty]}]\nidle_seconds: 30"))
    assert spec["disruption"]["consolidateAfter"] == "30s"
    assert spec["disruption"]["budgets"] == [
        {"nodes": "50%", "reasons": ["Empty"]},
        {"nodes": "0", "reasons": ["Drifted", "Underutilized"]},
    ]


def test_a_budget_can_hold_in_office_hours() -> None:
    budget = "{nodes: '0', schedule: '0 9 * * mon-fri', hours: 8}"
    found = settings(f"{CPU_ONLY}budgets: [{budget}]")
    assert pool_spec(found, "cpu")["disruption"]["budgets"] == [{"nodes": "0", "schedule": "0 9 * * mon-fri", "duration": "8h"}]


def test_a_limit_in_gpus_holds_for_gpus_that_are_shared() -> None:
    found = environment("sharing: {strategy: time-slicing, replicas: 4}\nlimits: {gpus: 2}")
    spec = pool_spec(found)
    assert spec["limits"] == {"nvidia.com/gpu": "8"}
    assert spec["template"]["metadata"]["labels"]["nvidia.com/device-plugin.config"] == "time-slicing-4"


def test_every_node_boots_one_release_of_amazon_linux_with_an_encrypted_disk_and_guards_its_credentials() -> None:
    spec = class_spec(environment())
    assert spec["amiSelectorTerms"] == [{"alias": "al2023@v20260724"}]
    assert spec["role"] == "test-cn-north-1-pool-nodes"
    [disk] = spec["blockDeviceMappings"]
    assert disk == {
        "deviceName": "/dev/xvda",
        "ebs": {
            "volumeType": "gp3",
            "volumeSize": "200Gi",
            "iops": 3000,
            "throughput": 600,
            "encrypted": True,
            "deleteOnTermination": True,
        },
    }
    assert spec["metadataOptions"]["httpTokens"] == "required"
    assert spec["metadataOptions"]["httpPutResponseHopLimit"] == 1
    assert spec["securityGroupSelectorTerms"] == [{"tags": {"aws:eks:cluster-name": "test"}}]
    assert spec["subnetSelectorTerms"] == [{"tags": {"karpenter.sh/discovery": "test"}}]
    assert spec["tags"] == {"mlplatform:environment": "test"}


def test_a_disk_can_have_a_key_of_ones_own() -> None:
    key = "arn:aws-cn:kms:cn-north-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    [disk] = class_spec(environment(f"disk: {{kms_key: '{key}'}}"))["blockDeviceMappings"]
    assert disk["ebs"]["kmsKeyID"] == key


def test_gpu_nodes_pull_in_parallel_onto_their_own_disks_unless_told_otherwise() -> None:
    fast, plain = class_spec(environment()), class_spec(environment("image_pull: standard\ninstance_store: none"))
    assert fast["instanceStorePolicy"] == "RAID0"
    assert "FastImagePull: true" in fast["userData"]
    assert not {"instanceStorePolicy", "userData"} & set(plain)


def test_the_subnets_of_somebody_elses_vpc_are_named_for_the_zones_of_the_pool() -> None:
    found = settings(EXISTING, name="test")
    assert class_spec(found)["subnetSelectorTerms"] == [{"id": "subnet-0000000000000000b"}]
    assert class_spec(found, "cpu")["subnetSelectorTerms"] == [{"id": "subnet-0000000000000000a"}, {"id": "subnet-0000000000000000b"}]


def test_nodes_get_a_profile_that_is_there_where_iam_cannot_be_reached() -> None:
    spec = class_spec(settings(EXISTING, name="test"))
    assert "role" not in spec
    assert spec["instanceProfile"] == "test-cn-north-1-pool-nodes"


def test_pods_come_to_a_node_once_its_storage_drivers_serve_it() -> None:
    found = environment()
    with_efs = found.model_copy(
        update={"cluster": found.cluster.model_copy(update={"addons": found.cluster.addons.model_copy(update={"efs_csi": True})})}
    )
    ebs, efs = ({"key": f"{name}.csi.aws.com/agent-not-ready", "effect": "NoExecute"} for name in ("ebs", "efs"))
    assert pool_spec(found)["template"]["spec"]["startupTaints"] == [ebs]
    assert pool_spec(with_efs)["template"]["spec"]["startupTaints"] == [ebs, efs]
