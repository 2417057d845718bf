import base64
from collections.abc import Iterator

import pytest

from mlplatform.local.aws.compute import joining
from mlplatform.local.aws.compute.nodes import node_config
from mlplatform.local.cluster.nodes import JoiningNode, Taint

from .conftest import ACCOUNT, REGION, USER_DATA, Launches, wait


class Cluster:
    """Whoever joins."""

    def __init__(self) -> None:
        self.nodes: dict[str, JoiningNode] = {}
        self.roles: list[str] = []
        self.open = True

    def admits(self, role_arn: str) -> bool:
        self.roles.append(role_arn)
        return self.open

    def add(self, node: JoiningNode) -> None:
        self.nodes[node.name] = node

    def remove(self, name: str) -> None:
        self.nodes.pop(name, None)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    joining.attach(ACCOUNT, REGION, "test", made, made.admits)
    yield made
    joining.detach(ACCOUNT, REGION, "test")


def test_an_instance_becomes_the_node_that_its_user_data_describes(cluster: Cluster, launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    wait(lambda: cluster.nodes)
    assert cluster.nodes[instance["PrivateDnsName"]] == JoiningNode(
        name=instance["PrivateDnsName"],
        instance_id=instance["InstanceId"],
        instance_type="g4dn.xlarge",
        region="cn-north-1",
        zone="cn-north-1a",
        zone_id="cnn1-az1",
        address=instance["PrivateIpAddress"],
        labels={"karpenter.sh/nodepool": "gpu", "karpenter.sh/do-not-sync-taints": "true"},
        taints=(Taint("karpenter.sh/unregistered", "NoExecute"), Taint("nvidia.com/gpu", "NoSchedule")),
        max_pods=29,
        disk_gib=200,
    )


def test_the_node_of_a_terminated_instance_is_removed(cluster: Cluster, launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    wait(lambda: cluster.nodes)
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    wait(lambda: not cluster.nodes)


def test_an_instance_whose_role_the_cluster_does_not_admit_never_joins(cluster: Cluster, launches: Launches) -> None:
    cluster.open = False
    launches.launched("g4dn.xlarge")
    wait(lambda: cluster.roles)
    assert cluster.roles == [launches.role]
    assert cluster.nodes == {}


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
