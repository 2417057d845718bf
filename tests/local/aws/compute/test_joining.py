import base64
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mlplatform.local.aws.compute import joining
from mlplatform.local.aws.compute.nodes import node_config

from .conftest import ACCOUNT, REGION, USER_DATA, Launches, wait


class Cluster:
    """Whoever joins."""

    kubernetes = "v1.36.3"

    def __init__(self) -> None:
        self.nodes: dict[str, Mapping[str, Any]] = {}
        self.roles: list[str] = []
        self.closed = False

    def admits(self, role_arn: str) -> bool:
        self.roles.append(role_arn)
        return not self.closed

    def add(self, node: Mapping[str, Any]) -> None:
        self.nodes[node["metadata"]["name"]] = node

    def remove(self, name: str) -> None:
        self.nodes.pop(name, None)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    joining.attach(ACCOUNT, REGION, "test", made)
    yield made
    joining.detach(ACCOUNT, REGION, "test")


def test_an_instance_becomes_the_node_that_its_user_data_describes(cluster: Cluster, launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    wait(lambda: cluster.nodes)
    (node,) = cluster.nodes.values()
    assert node["metadata"]["name"] == instance["PrivateDnsName"]
    assert node["spec"]["providerID"] == f"aws:///cn-north-1a/{instance['InstanceId']}"
    assert [taint["key"] for taint in node["spec"]["taints"]] == ["karpenter.sh/unregistered", "nvidia.com/gpu"]
    labels = node["metadata"]["labels"]
    assert labels["karpenter.sh/nodepool"] == "gpu"
    assert labels["node.kubernetes.io/instance-type"] == "g4dn.xlarge"
    assert labels["topology.kubernetes.io/zone"] == "cn-north-1a"
    assert labels["topology.k8s.aws/zone-id"] == "cnn1-az1"
    assert node["status"]["nodeInfo"]["kubeletVersion"] == "v1.36.3"


def test_a_nodes_resources_are_its_types_less_what_eks_reserves(cluster: Cluster, launches: Launches) -> None:
    launches.launched("g4dn.xlarge")
    wait(lambda: cluster.nodes)
    status = next(iter(cluster.nodes.values()))["status"]
    assert status["capacity"] == {"cpu": "4", "memory": "15728Mi", "pods": "29", "ephemeral-storage": f"{200 * 1024}Mi"}
    assert status["allocatable"]["cpu"] == "3920m"
    assert status["allocatable"]["memory"] == f"{15728 - 255 - 11 * 29 - 100}Mi"
    # Karpenter must never be promised more memory than it reckons with.
    assert 15728 > 16384 * (1 - 0.075)


def test_a_nodes_accelerators_wait_for_a_device_plugin(cluster: Cluster, launches: Launches) -> None:
    launches.launched("g4dn.xlarge")
    wait(lambda: cluster.nodes)
    assert "nvidia.com/gpu" not in next(iter(cluster.nodes.values()))["status"]["allocatable"]


def test_the_node_of_a_terminated_instance_is_removed(cluster: Cluster, launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    wait(lambda: cluster.nodes)
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    wait(lambda: not cluster.nodes)


def test_an_instance_whose_role_the_cluster_does_not_admit_never_joins(cluster: Cluster, launches: Launches) -> None:
    cluster.closed = True
    launches.launched("g4dn.xlarge")
    wait(lambda: cluster.roles)
    assert cluster.roles == [launches.role]
    assert cluster.nodes == {}


def test_an_instance_that_ends_before_it_joins_is_no_node(cluster: Cluster, launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    wait(lambda: launches.instances()[0]["State"]["Name"] == "terminated")
    wait(lambda: not cluster.nodes)


def encoded(*specs: str) -> str:
    parts = "".join(f"--//\nContent-Type: application/node.eks.aws\n\n{spec}\n" for spec in specs)
    return base64.b64encode(f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="//"\n\n{parts}--//--\n'.encode()).decode()


def test_a_users_own_node_configuration_is_merged_with_karpenters() -> None:
    theirs = "spec: {instance: {localStorage: {strategy: RAID0}}, kubelet: {config: {maxPods: 50}, flags: ['--node-labels=a=b']}}"
    ours = "spec: {cluster: {name: test}, kubelet: {config: {maxPods: 20}, flags: ['--node-labels=\"c=d,e=f\"']}}"
    config = node_config(encoded(theirs, ours))
    assert config is not None
    assert (config.cluster, config.maximum_pods, config.joins_disks) == ("test", 20, True)
    assert config.labels == {"a": "b", "c": "d", "e": "f"}


def test_an_instance_without_a_node_configuration_is_no_node() -> None:
    assert node_config(base64.b64encode(b"#!/bin/sh\necho hello\n").decode()) is None
    assert node_config(base64.b64encode(USER_DATA.encode()).decode()) is not None
