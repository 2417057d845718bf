"""What Karpenter's controller does with our pools, in both partitions."""

import pytest

from mlplatform.config.instances import FAMILIES, OFFERED
from mlplatform.local.aws.compute import prices, types
from mlplatform.local.aws.compute.tables.images import RELEASES
from mlplatform.local.cluster import pools
from mlplatform.local.cluster.instance_type import instance_type
from mlplatform.local.cluster.karpenter_settings import given
from tests.cluster.karpenter.lab import CLUSTER, IDLE, Lab, true_conditions, wait
from tests.cluster.karpenter.pods import deployment, pod, running

GOES = IDLE + 60


def one_gpu_types(region: str) -> list[str]:
    families = [family for family in ("g4dn", "g5", "g6") if family in OFFERED[region]]
    names = [f"{family}.{size}" for family in families for size in FAMILIES[family].sizes]
    return [name for name in names if instance_type(name).accelerators == {pools.GPU: 1}]


def cheapest(region: str, vcpus: int, memory_gib: int) -> str:
    """Return the cheapest type with one GPU that has more than so much."""
    fitting = [name for name in one_gpu_types(region) if types.vcpus(name) > vcpus and types.memory_mib(name) > memory_gib * 1024 * 1.2]
    return min(fitting, key=lambda name: prices.on_demand(region, name))


@pytest.mark.both_partitions
def test_a_gpu_pod_gets_the_cheapest_node_that_fits_and_the_node_goes_after_it(lab: Lab) -> None:
    lab.start()
    lab.run(pod("small", gpus=1, cpu="2", memory="8Gi", run_seconds=6))
    wait(lambda: list(running(lab.pods())), "the small pod runs")
    assert [instance["InstanceType"] for instance in lab.instances()] == [cheapest(lab.region, 2, 8)]
    # Not at once: the scheduler may put a small pod on the large one's node.
    lab.run(pod("large", gpus=1, cpu="10", memory="40Gi", run_seconds=3))
    wait(lambda: all(item["status"]["phase"] == "Succeeded" for item in lab.pods()), "both pods are done")
    assert cheapest(lab.region, 10, 40) in {instance["InstanceType"] for instance in lab.instances()}
    assert lab.drifted() == []
    wait(lambda: not lab.instances() and not lab.claims(), "the nodes are gone", GOES)
    assert lab.karpenter.complaints() == []


@pytest.mark.both_partitions
def test_a_pod_without_a_gpu_never_lands_on_a_gpu_node(lab: Lab) -> None:
    lab.start()
    lab.run(pod("gpu", gpus=1), *(pod(f"cpu-{number}", cpu="6") for number in range(4)))
    wait(lambda: len(list(running(lab.pods()))) == 5, "every pod runs")
    accelerated = {node["metadata"]["name"] for node in lab.api.get("/api/v1/nodes")["items"] if pools.GPU in node["status"]["allocatable"]}
    on_gpus = [item["metadata"]["name"] for item in lab.pods() if item["spec"]["nodeName"] in accelerated]
    assert on_gpus == ["gpu"]


def test_thirty_jobs_cost_what_thirty_of_the_cheapest_nodes_cost_and_leave_none(lab: Lab) -> None:
    lab.start()
    lab.run(*(pod(f"job-{number}", gpus=1, cpu="2", memory="8Gi", run_seconds=10) for number in range(30)))
    wait(lambda: all(item["spec"].get("nodeName") for item in lab.pods()), "every pod is bound", 120)
    paid = sum(prices.on_demand(lab.region, instance["InstanceType"]) for instance in lab.instances())
    assert paid == pytest.approx(30 * prices.on_demand(lab.region, cheapest(lab.region, 2, 8)), rel=0.05)
    wait(lambda: all(item["status"]["phase"] == "Succeeded" for item in lab.pods()), "every job is done", 120)
    assert lab.drifted() == []
    wait(lambda: not lab.instances() and not lab.claims(), "every node is gone", GOES)
    assert lab.karpenter.complaints() == []


def test_a_node_without_a_device_plugin_never_shows_its_gpu(lab: Lab) -> None:
    lab.start()
    lab.api.delete("/apis/apps/v1/namespaces/kube-system/daemonsets/nvidia-device-plugin")
    lab.run(pod("gpu", gpus=1))
    wait(lambda: any("Registered" in true_conditions(claim) for claim in lab.claims()), "a node joined")
    (claim,) = lab.claims()
    assert "Initialized" not in true_conditions(claim)
    assert [item["status"]["phase"] for item in lab.pods()] == ["Pending"]
    pools.apply(lab.api, [pools.device_plugin()])
    wait(lambda: list(running(lab.pods())), "the pod runs once the plugin does")
    assert len(lab.claims()) == 1


def test_another_image_release_replaces_the_nodes_of_the_old_one(lab: Lab) -> None:
    lab.start()
    lab.api.create("/apis/apps/v1/namespaces/default/deployments", deployment("serving", cpu="6"))
    wait(lambda: list(running(lab.pods())), "the pod runs")
    (old,) = lab.instances()
    assert lab.drifted() == []
    alias = {"amiSelectorTerms": [{"alias": f"al2023@{RELEASES[0]}"}]}
    lab.api.patch("/apis/karpenter.k8s.aws/v1/ec2nodeclasses/built-in", {"spec": alias})
    wait(lambda: old["InstanceId"] not in {found["InstanceId"] for found in lab.instances()}, "the old node is gone", 90)
    wait(lambda: list(running(lab.pods())), "the pod runs again")
    wait(lambda: not lab.drifted(), "nothing is drifted any more")
    (new,) = lab.instances()
    assert new["ImageId"] != old["ImageId"]


def test_a_gpu_pod_that_does_not_tolerate_the_taint_waits(lab: Lab) -> None:
    lab.start()
    lab.run(pod("gpu", gpus=1, tolerates=False), pod("cpu"))
    wait(lambda: list(running(lab.pods())), "the other pod runs")
    assert [item["metadata"]["name"] for item in running(lab.pods())] == ["cpu"]
    assert all("gpu" not in claim["metadata"]["labels"]["karpenter.sh/nodepool"] for claim in lab.claims())


def test_karpenter_runs_without_a_release_of_its_chart(lab: Lab) -> None:
    role = lab.settings.role_arn
    lab.start(given(cluster=CLUSTER, queue=CLUSTER, role_arn=role))
    lab.run(pod("cpu", cpu="6"))
    wait(lambda: list(running(lab.pods())), "the pod runs")


def test_karpenter_calls_aws_as_the_role_of_its_service_account(lab: Lab) -> None:
    assert lab.settings.service_account == "karpenter"
    assert lab.settings.role_arn.endswith(":role/karpenter")
    assert lab.settings.environment["CLUSTER_NAME"] == CLUSTER
    assert lab.settings.environment["SYSTEM_NAMESPACE"] == "kube-system"
    lab.start()
    lab.run(pod("cpu", cpu="6"))
    wait(lambda: list(running(lab.pods())), "the pod runs")
    assert {listener.what for listener in lab.karpenter.listeners} == {"Karpenter's metrics", "Karpenter's health probe"}


def test_a_startup_taint_goes_once_its_add_on_is_installed(lab: Lab) -> None:
    lab.start()
    taint = {"key": "ebs.csi.aws.com/agent-not-ready", "effect": "NoExecute"}
    lab.api.patch("/apis/karpenter.sh/v1/nodepools/cpu", {"spec": {"template": {"spec": {"startupTaints": [taint]}}}})
    lab.run(pod("cpu", cpu="6"))
    wait(lambda: any("Registered" in true_conditions(claim) for claim in lab.claims()), "a node joined")
    assert list(running(lab.pods())) == []
    addons = lab.client("eks")
    addons.create_addon(clusterName=CLUSTER, addonName="aws-ebs-csi-driver")
    wait(lambda: list(running(lab.pods())), "the pod runs")
    addons.delete_addon(clusterName=CLUSTER, addonName="aws-ebs-csi-driver")
