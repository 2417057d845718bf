from typing import Any, Literal

import pytest

from mlplatform.config.sections import Sharing
from mlplatform.local.cluster.agents import NodeAgents
from mlplatform.local.cluster.api import Api, ApiError, Object
from mlplatform.local.cluster.nodes import Nodes
from mlplatform.manifests.compute.nvidia import configuration

EBS, POOL = "ebs.csi.aws.com/agent-not-ready", "team"


class Fake(Api):
    """An API server with one node and the pods of one DaemonSet."""

    def __init__(self, instance_type: str = "g5.12xlarge", *, taints: tuple[str, ...] = (), ready: bool = True) -> None:
        self.node: Object = {
            "metadata": {"name": "node", "resourceVersion": "7", "labels": {"node.kubernetes.io/instance-type": instance_type}},
            "spec": {"taints": [{"key": key, "effect": "NoExecute"} for key in taints]},
            "status": {"conditions": [{"type": "Ready", "status": str(ready)}], "allocatable": {"cpu": "4"}, "capacity": {}},
        }
        self.pods: list[Object] = []
        self.configuration = ""
        self.patches: list[Object] = []
        self.refusal: ApiError | None = None

    def run_plugin(self, image: str = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/nvidia/k8s-device-plugin:v0.20.0") -> None:
        owner = {"kind": "DaemonSet", "name": "plugin"}
        volumes = [{"name": "config", "configMap": {"name": "plugin"}}] if self.configuration else []
        spec = {"nodeName": "node", "containers": [{"image": image}], "volumes": volumes}
        self.pods = [{"metadata": {"ownerReferences": [owner], "namespace": "agents"}, "spec": spec}]

    def get(self, path: str) -> Object:
        if path == "/api/v1/namespaces/agents/configmaps/plugin":
            return {"data": {"config.yaml": self.configuration}}
        return {"items": [self.node] if path == "/api/v1/nodes" else self.pods}

    def patch(self, path: str, body: Object) -> Object:
        if self.refusal:
            raise self.refusal
        self.patches.append(body)
        if path.endswith("/status"):
            self.node["status"]["allocatable"] |= body["status"]["allocatable"]
        else:
            self.node["spec"] |= body["spec"]
        return self.node

    @property
    def gpus(self) -> Any:
        return self.node["status"]["allocatable"].get("nvidia.com/gpu")


def act(api: Fake, *addons: str) -> None:
    NodeAgents(api, Nodes(api, "1.36.3"), lambda: addons).act()


def test_a_nodes_gpus_are_allocatable_once_a_device_plugin_runs_on_it() -> None:
    api = Fake()
    act(api)
    assert api.gpus is None
    api.run_plugin()
    act(api)
    assert api.gpus == "4"


@pytest.mark.parametrize("strategy", ["time-slicing", "mps"])
def test_a_gpu_that_pods_share_counts_as_often_as_our_configuration_of_the_plugin_says(strategy: Literal["time-slicing", "mps"]) -> None:
    api = Fake()
    api.configuration = configuration(Sharing(strategy=strategy, replicas=3))
    api.run_plugin()
    act(api)
    assert api.gpus == "12"


@pytest.mark.parametrize(
    "other", ["no: sharing", "- a list", "a: b: c", "sharing: often", "sharing: {timeSlicing: {resources: [{name: other, replicas: 3}]}}"]
)
def test_a_gpu_counts_once_where_nothing_is_said_of_sharing_it(other: str) -> None:
    api = Fake()
    api.configuration = other
    api.run_plugin()
    act(api)
    assert api.gpus == "4"


def test_gpus_go_with_the_device_plugin() -> None:
    api = Fake()
    api.run_plugin()
    act(api)
    api.pods = []
    act(api)
    assert api.gpus == "0"


@pytest.mark.parametrize("image", ["nvcr.io/nvidia/k8s-device-plugin@sha256:00", "k8s-device-plugin"])
def test_a_device_plugin_is_known_by_its_images_name_in_any_registry(image: str) -> None:
    api = Fake()
    api.run_plugin(image)
    act(api)
    assert api.gpus == "4"


def test_another_daemon_set_registers_no_gpu() -> None:
    api = Fake()
    api.run_plugin("nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3")
    act(api)
    assert api.gpus is None


def test_a_pod_that_somebody_runs_by_hand_is_no_device_plugin() -> None:
    api = Fake()
    api.run_plugin()
    api.pods[0]["metadata"] = {}
    act(api)
    assert api.gpus is None


def test_nothing_is_written_twice() -> None:
    api = Fake()
    api.run_plugin()
    act(api)
    act(api)
    assert len(api.patches) == 1


def test_nothing_is_done_on_a_node_that_is_not_ready() -> None:
    api = Fake(taints=(EBS,), ready=False)
    api.run_plugin()
    act(api, "aws-ebs-csi-driver")
    assert api.patches == []


def test_a_startup_taint_is_removed_where_its_add_on_is_installed() -> None:
    api = Fake("m5.large", taints=(EBS, POOL))
    act(api, "coredns", "aws-ebs-csi-driver")
    assert [taint["key"] for taint in api.node["spec"]["taints"]] == [POOL]
    assert api.patches[0]["metadata"] == {"resourceVersion": "7"}


def test_a_startup_taint_stays_where_its_add_on_is_not_installed() -> None:
    api = Fake("m5.large", taints=(EBS,))
    act(api, "coredns", "aws-efs-csi-driver")
    assert [taint["key"] for taint in api.node["spec"]["taints"]] == [EBS]


def test_a_node_that_changed_meanwhile_is_left_for_the_next_look() -> None:
    api = Fake("m5.large", taints=(EBS,))
    api.refusal = ApiError(409, "the object has been modified")
    act(api, "aws-ebs-csi-driver")
    api.refusal = ApiError(403, "forbidden")
    with pytest.raises(ApiError, match="forbidden"):
        act(api, "aws-ebs-csi-driver")
