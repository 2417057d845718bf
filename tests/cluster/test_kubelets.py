"""What kwok plays by our stages."""

from typing import Any

import pytest

from mlplatform.local.cluster.nodes import JoiningNode, Nodes, Taint
from tests.cluster.cluster import Cluster

POD = {"containers": [{"name": "main", "image": "example/none:1"}]}


def pod(name: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": POD | spec}


def job(name: str, annotations: dict[str, str], **spec: Any) -> dict[str, Any]:
    template = {"metadata": {"annotations": annotations}, "spec": POD | {"restartPolicy": "Never"}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"template": template, "backoffLimit": 0} | spec}


def test_a_pod_runs_on_a_node(local_cluster: Cluster, namespace: str):
    local_cluster.apply(pod("web", initContainers=[{"name": "first", "image": "example/none:1"}]), namespace=namespace)
    local_cluster.wait("pod/web", "condition=Ready", namespace)
    status = local_cluster.get("pod/web", namespace=namespace)["status"]
    assert status["phase"] == "Running"
    assert status["podIP"].startswith("100.64.")
    assert status["hostIP"].startswith("10.0.0.")
    assert status["initContainerStatuses"][0]["state"]["terminated"]["reason"] == "Completed"


def test_a_deployment_is_available_in_both_zones(local_cluster: Cluster, namespace: str):
    labels = {"app": "web"}
    spread = {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}
    template = {
        "metadata": {"labels": labels},
        "spec": POD | {"topologySpreadConstraints": [spread | {"labelSelector": {"matchLabels": labels}}]},
    }
    spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
    local_cluster.apply({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}, namespace=namespace)
    local_cluster.wait("deployment/web", "condition=Available", namespace)
    pods = local_cluster.get("pods", namespace=namespace)["items"]
    assert len({item["spec"]["nodeName"] for item in pods}) == 2


def test_a_job_completes_not_before_its_pods_have_run_as_long_as_annotated(local_cluster: Cluster, namespace: str):
    local_cluster.apply(job("train", {"local.mlplatform/run-seconds": "2"}), namespace=namespace)
    local_cluster.wait("job/train", "condition=Complete", namespace)
    (item,) = local_cluster.get("pods", namespace=namespace)["items"]
    ended = item["status"]["containerStatuses"][0]["state"]["terminated"]
    assert ended["exitCode"] == 0
    assert seconds(ended["finishedAt"]) - seconds(ended["startedAt"]) >= 2


def test_a_job_fails_with_the_exit_code_that_is_annotated(local_cluster: Cluster, namespace: str):
    local_cluster.apply(job("train", {"local.mlplatform/exit-code": "3"}), namespace=namespace)
    local_cluster.wait("job/train", "condition=Failed", namespace)
    (item,) = local_cluster.get("pods", namespace=namespace)["items"]
    assert item["status"]["phase"] == "Failed"
    assert item["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 3


def test_a_deleted_pod_is_gone(local_cluster: Cluster, namespace: str):
    local_cluster.apply(pod("web"), namespace=namespace)
    local_cluster.wait("pod/web", "condition=Ready", namespace)
    local_cluster.kubectl("delete", "pod/web", f"--namespace={namespace}", "--timeout=20s")
    assert local_cluster.get("pods", namespace=namespace)["items"] == []


@pytest.mark.parametrize("binding", ["Immediate", "WaitForFirstConsumer"])
def test_a_claim_is_bound_to_a_volume_of_its_driver_and_released_with_it(local_cluster: Cluster, namespace: str, binding: str):
    storage = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": namespace}}
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": namespace, "resources": {"requests": {"storage": "5Gi"}}}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": spec}
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    local_cluster.apply(storage | {"provisioner": "ebs.csi.aws.com", "volumeBindingMode": binding})
    local_cluster.apply(claim, pod("web", volumes=volumes), namespace=namespace)
    local_cluster.wait("pvc/data", "jsonpath={.status.phase}=Bound", namespace)
    local_cluster.wait("pod/web", "condition=Ready", namespace)
    name = local_cluster.get("pvc/data", namespace=namespace)["spec"]["volumeName"]
    volume = local_cluster.get(f"pv/{name}")["spec"]
    assert volume["csi"]["driver"] == "ebs.csi.aws.com"
    assert volume["capacity"] == {"storage": "5Gi"}
    local_cluster.kubectl("delete", "pod/web", "pvc/data", f"--namespace={namespace}", "--timeout=20s")
    local_cluster.wait(f"pv/{name}", "delete")
    local_cluster.kubectl("delete", f"storageclass/{namespace}")


def test_a_gpu_pod_waits_for_the_device_plugin_and_its_node_keeps_others_away(local_cluster: Cluster, namespace: str, nodes: Nodes):
    name = f"{namespace}.cn-north-1.compute.internal"
    nodes.add(
        JoiningNode(
            name=name,
            instance_id="i-0123456789abcdef0",
            instance_type="g4dn.xlarge",
            region="cn-north-1",
            zone="cn-north-1a",
            zone_id="cnn1-az1",
            labels={"pool": namespace},
            taints=[Taint("nvidia.com/gpu", "NoSchedule", "present")],
        )
    )
    limits = {"resources": {"limits": {"nvidia.com/gpu": "1"}}}
    gpu = pod("train", tolerations=[{"key": "nvidia.com/gpu", "operator": "Exists"}], containers=[POD["containers"][0] | limits])
    try:
        local_cluster.apply(gpu, pod("other", nodeSelector={"pool": namespace}), namespace=namespace)
        local_cluster.wait("pod/train", "jsonpath={.status.conditions[?(@.type=='PodScheduled')].reason}=Unschedulable", namespace)
        nodes.set_devices(name, {"nvidia.com/gpu": 1})
        local_cluster.wait("pod/train", "condition=Ready", namespace)
        assert local_cluster.get("pod/train", namespace=namespace)["spec"]["nodeName"] == name
        assert local_cluster.get("pod/other", namespace=namespace)["status"]["phase"] == "Pending"
        labels = local_cluster.get(f"node/{name}")["metadata"]["labels"]
        assert labels["node.kubernetes.io/instance-type"] == "g4dn.xlarge"
        assert labels["topology.k8s.aws/zone-id"] == "cnn1-az1"
    finally:
        nodes.remove(name)


def seconds(stamp: str) -> int:
    hours, minutes, rest = stamp.partition("T")[2].rstrip("Z").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)
