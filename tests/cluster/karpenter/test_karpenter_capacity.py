"""What Karpenter's controller does when EC2 has no capacity, or takes it back."""

import pytest

from mlplatform.local.aws.compute.fleet import FleetBackend
from tests.cluster.karpenter.lab import Lab, wait
from tests.cluster.karpenter.pods import deployment, pod, running

_DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"


def types_of(lab: Lab) -> set[str]:
    return {instance["InstanceType"] for instance in lab.instances()}


def test_an_empty_type_makes_way_for_the_next_one(lab: Lab) -> None:
    lab.control("capacity", region=lab.region, instance_type="g4dn.xlarge", remaining=0)
    lab.start()
    lab.run(pod("gpu", gpus=1, cpu="2", memory="8Gi"))
    wait(lambda: list(running(lab.pods())), "the pod runs")
    assert types_of(lab) == {"g4dn.2xlarge"}


def test_an_empty_zone_makes_way_for_the_other_one(lab: Lab) -> None:
    lab.control("capacity", region=lab.region, zone="cn-north-1a", remaining=0)
    lab.start()
    lab.run(pod("gpu", gpus=1))
    wait(lambda: list(running(lab.pods())), "the pod runs")
    assert {instance["Placement"]["AvailabilityZone"] for instance in lab.instances()} == {"cn-north-1b"}


def test_spot_makes_way_for_on_demand_where_there_is_none(lab: Lab) -> None:
    lab.control("capacity", region=lab.region, capacity_type="spot", remaining=0)
    lab.start(capacity_types=("spot", "on-demand"))
    lab.run(pod("gpu", gpus=1))
    wait(lambda: list(running(lab.pods())), "the pod runs")
    (claim,) = lab.claims()
    assert claim["metadata"]["labels"]["karpenter.sh/capacity-type"] == "on-demand"


def test_an_interrupted_spot_node_is_replaced_before_it_goes(lab: Lab) -> None:
    lab.start(capacity_types=("spot",))
    lab.api.create(_DEPLOYMENTS, deployment("serving", gpus=1))
    wait(lambda: list(running(lab.pods())), "the pod runs")
    (instance,) = lab.instances()
    (first,) = running(lab.pods())
    old = first["spec"]["nodeName"]
    assert lab.control(f"interrupt/{instance['InstanceId']}") == {"rules": 1}

    def names() -> set[str]:
        return {node["metadata"]["name"] for node in lab.api.get("/api/v1/nodes")["items"]}

    def served_elsewhere() -> bool:
        return any(item["spec"]["nodeName"] != old for item in running(lab.pods()))

    wait(lambda: served_elsewhere() or old not in names(), "the pod runs elsewhere")
    assert old in names(), "the old node went before its replacement served"
    wait(lambda: old not in names(), "the old node is gone")
    assert [found["InstanceId"] for found in lab.instances()] != [instance["InstanceId"]]


def test_an_instance_that_somebody_terminates_is_replaced(lab: Lab) -> None:
    lab.start()
    lab.api.create(_DEPLOYMENTS, deployment("serving", gpus=1))
    wait(lambda: list(running(lab.pods())), "the pod runs")
    (instance,) = lab.instances()
    lab.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    wait(lambda: instance["InstanceId"] not in {found["InstanceId"] for found in lab.instances()}, "it is gone")
    wait(lambda: list(running(lab.pods())), "the pod runs again")
    assert len(lab.instances()) == 1


def test_karpenter_killed_in_mid_launch_leaves_no_instance_behind(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    launched: list[object] = []
    launch_fleet = FleetBackend.launch_fleet

    def launch_and_kill(*arguments: object) -> object:
        answer = launch_fleet(*arguments)  # pyright: ignore[reportArgumentType] - passed on as they come
        launched.append(answer)
        lab.karpenter.stop(at_once=True)
        return answer

    monkeypatch.setattr(FleetBackend, "launch_fleet", launch_and_kill)
    lab.start()
    lab.run(pod("gpu", gpus=1))
    wait(lambda: launched, "an instance is launched")
    monkeypatch.undo()
    assert not any(claim.get("status", {}).get("providerID") for claim in lab.claims())
    lab.start()
    wait(lambda: list(running(lab.pods())), "the pod runs after all")

    def owned() -> set[str]:
        return {claim["status"].get("providerID", "").rpartition("/")[2] for claim in lab.claims()}

    wait(lambda: {instance["InstanceId"] for instance in lab.instances()} == owned(), "every instance is a NodeClaim's", 90)
    assert len(owned()) == 1
