"""Pools of every environment with the real Karpenter: what is accepted, which node a pod gets, and that it goes."""

from typing import Any

import pytest

from mlplatform.config.prices import on_demand
from mlplatform.config.sections import ExistingVpc, Sharing
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.overlays import pool_types
from mlplatform.manifests.compute.pools import node_pools
from tests.cluster.karpenter.lab import IDLE, Lab, true_conditions, wait
from tests.cluster.karpenter.own import OVERLAYS, labels_of, own_pools, settings_for
from tests.cluster.karpenter.pods import pod, running

GOES = IDLE + 60
GPU = "nvidia.com/gpu"
of_each_stage = pytest.mark.parametrize("stage", ["dev", "prod"])
AT_THE_START = ("no subnets found", "could not schedule pod", "node overlays are not applied")
"""What Karpenter says of pools that are newer than what it knows of subnets and overlays, and tries again."""
PATHS = {
    "NodePool": "/apis/karpenter.sh/v1/nodepools",
    "EC2NodeClass": "/apis/karpenter.k8s.aws/v1/ec2nodeclasses",
    "NodeOverlay": OVERLAYS,
}


@pytest.mark.both_partitions
@of_each_stage
def test_the_api_server_accepts_every_object_and_knows_every_field(session_lab: Lab, stage: str) -> None:
    made = node_pools(settings_for(session_lab, stage, sharing=None, labels={"example.com/team": "vision"}, weight=5))
    assert {each["kind"] for each in made} >= {"NodePool", "EC2NodeClass"}
    for each in made:
        session_lab.api.create(f"{PATHS[each['kind']]}?dryRun=All&fieldValidation=Strict", dict(each))


@pytest.mark.both_partitions
@of_each_stage
def test_a_pod_gets_a_node_of_its_pool_and_the_node_goes_after_it(lab: Lab, stage: str) -> None:
    settings = settings_for(lab, stage)
    with own_pools(lab, settings) as own:
        lab.run(pod("gpu", gpus=1, cpu="2", memory="8Gi", run_seconds=8), pod("cpu", cpu="6", memory="4Gi", run_seconds=8))
        wait(lambda: len(list(running(lab.pods()))) == 2, "both pods run")
        claims = {claim["metadata"]["labels"]["karpenter.sh/nodepool"]: claim for claim in lab.claims()}
        assert set(claims) == set(settings.compute.pools)
        for name, claim in claims.items():
            pool, node, instance = settings.compute.pools[name], own.node_of(claim), own.instance_of(claim)
            assert instance["InstanceType"] in {kind.name for kind in pool_types(pool)}
            assert instance["Placement"]["AvailabilityZone"] in (pool.zones or settings.network.availability_zones)
            assert labels_of(node)["karpenter.sh/capacity-type"] == ("spot" if "spot" in pool.capacity else "on-demand")
            assert instance["IamInstanceProfile"]["Arn"].startswith(f"arn:{settings.place.partition.name}:")
            assert {"Key": "mlplatform:environment", "Value": settings.name} in instance["Tags"]
            assert disk_of(lab, instance) == (pool.disk.gib, True)
            taints = {taint["key"] for taint in node["spec"].get("taints", [])}
            assert taints == ({GPU} if pool.has_gpus else set())
            assert ("nvidia.com/gpu.present" in labels_of(node)) == pool.has_gpus
        wait(lambda: all(item["status"]["phase"] == "Succeeded" for item in lab.pods()), "both pods are done")
        wait(lambda: not lab.instances() and not lab.claims(), "both nodes are gone", GOES)
        assert [said for said in lab.karpenter.complaints() if not any(passing in said for passing in AT_THE_START)] == []
        assert "STATUS: deployed" in own.upgrade_pools()
        own.uninstall_pools()


def test_a_job_gets_the_cheapest_type_by_the_prices_that_are_restored(lab: Lab) -> None:
    settings = settings_for(lab, "prod")
    with own_pools(lab, settings):
        overlays = lab.api.get(OVERLAYS)["items"]
        assert overlays
        wait(lambda: all("ValidationSucceeded" in true_conditions(each) for each in lab.api.get(OVERLAYS)["items"]), "overlays hold")
        lab.run(pod("gpu", gpus=1, cpu="10", memory="40Gi"))
        wait(lambda: list(running(lab.pods())), "the pod runs")
        [instance] = lab.instances()
        fitting = [kind for kind in pool_types(settings.compute.pools["gpu"]) if kind.vcpus > 10 and kind.memory_mib > 48 * 1024]
        assert instance["InstanceType"] == min(fitting, key=lambda kind: on_demand(lab.region, kind.name) or 0).name


def test_pods_share_a_gpu_as_often_as_the_pool_says(lab: Lab) -> None:
    sharing = Sharing(strategy="time-slicing", replicas=4)
    with own_pools(lab, settings_for(lab, "prod", sharing=sharing)):
        lab.run(*(pod(f"gpu-{number}", gpus=1, cpu="500m", memory="1Gi") for number in range(4)))
        wait(lab.claims, "a node is on its way")
        [claim] = lab.claims()
        assert claim["spec"]["resources"]["requests"][GPU] == "4"


def test_nodes_are_launched_in_a_given_vpc_with_a_profile_that_is_there(lab: Lab) -> None:
    settings = in_a_given_vpc(lab, settings_for(lab, "dev"))
    with own_pools(lab, settings) as own:
        lab.run(pod("gpu", gpus=1))
        wait(lambda: list(running(lab.pods())), "the pod runs")
        [instance] = [own.instance_of(claim) for claim in lab.claims()]
        assert instance["IamInstanceProfile"]["Arn"].endswith(f"/{settings.names.role('pool-nodes')}")


def in_a_given_vpc(lab: Lab, settings: Settings) -> Settings:
    """Return settings that name the lab's subnets."""
    found = lab.ec2.describe_subnets(Filters=[{"Name": "tag:karpenter.sh/discovery", "Values": [settings.names.cluster]}])["Subnets"]
    by_zone = {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in found}
    subnets = tuple(by_zone.values())
    vpc = ExistingVpc(vpc_id=found[0]["VpcId"], private_subnets=subnets, database_subnets=subnets)
    network = settings.network.model_copy(update={"nat_gateways": 0, "existing": vpc, "availability_zones": tuple(by_zone)})
    pools = {key: pool.model_copy(update={"zones": tuple(by_zone)}) for key, pool in settings.compute.pools.items()}
    return settings.model_copy(update={"network": network, "compute": settings.compute.model_copy(update={"pools": pools})})


def test_a_type_with_more_gpus_than_the_pool_allows_is_never_launched(lab: Lab) -> None:
    with own_pools(lab, settings_for(lab, "prod")):
        lab.run(pod("four", gpus=4))
        wait(lambda: any("no instance type has enough resources" in said for said in lab.karpenter.complaints()), "Karpenter finds none")
        assert lab.claims() == []


def disk_of(lab: Lab, instance: dict[str, Any]) -> tuple[int, bool]:
    [mapping] = instance["BlockDeviceMappings"]
    [volume] = lab.ec2.describe_volumes(VolumeIds=[mapping["Ebs"]["VolumeId"]])["Volumes"]
    return volume["Size"], volume["Encrypted"]
