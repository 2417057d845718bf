"""Clusters, node groups and access entries by EKS's own API: what it says is what Kubernetes has."""

import base64
import json
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import urllib3

from mlplatform.local.aws.process import LocalAws
from tests.cluster.cluster import Cluster, Object, RefusedError
from tests.cluster.eks.cloud import SERVICES, Cloud, mentioning, wait

CHINA, GLOBAL = "cn-north-1", "us-west-2"
CLUSTER = "lone"


@pytest.fixture(scope="module")
def cloud(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Cloud:
    return Cloud(aws, CHINA, tmp_path_factory.mktemp("cloud"))


@pytest.fixture(scope="module")
def subnets(cloud: Cloud) -> list[str]:
    return cloud.subnets(3)


@pytest.fixture(scope="module")
def described(cloud: Cloud, subnets: list[str]) -> dict[str, Any]:
    """The cluster of these tests, as EKS describes it."""
    return cloud.create_cluster(CLUSTER, subnets)


@pytest.fixture(scope="module")
def node_role(cloud: Cloud) -> str:
    return cloud.role("lone-nodes", *cloud.partition.node_principals)


@pytest.fixture
def administrator(cloud: Cloud, described: dict[str, Any]) -> Cluster:
    assert described["status"] == "ACTIVE", described
    return cloud.administrator(CLUSTER)


@pytest.fixture
def group(cloud: Cloud, administrator: Cluster) -> Generator[str]:
    """The name of a node group that a test makes."""
    name = f"g{uuid4().hex[:8]}"
    yield name
    cloud.eks.delete_nodegroup(clusterName=CLUSTER, nodegroupName=name)
    assert nodes(administrator, name) == []


def nodes(cluster: Cluster, group: str) -> list[Object]:
    return cluster.get("nodes", f"--selector=eks.amazonaws.com/nodegroup={group}")["items"]


def zones(found: list[Object]) -> Counter[str]:
    return Counter(node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in found)


def test_a_cluster_is_described_as_it_is_reached(described: dict[str, Any], administrator: Cluster, tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_bytes(base64.b64decode(described["certificateAuthority"]["data"]))
    with urllib3.PoolManager(ca_certs=str(authority)) as pool:
        assert pool.request("GET", f"{described['endpoint']}/api/v1/nodes").status in {401, 403}
    issuer = described["identity"]["oidc"]["issuer"]
    assert issuer.startswith(f"https://oidc.eks.{CHINA}.amazonaws.com.cn/id/")
    assert json.loads(administrator.kubectl("get", "--raw=/.well-known/openid-configuration"))["issuer"] == issuer
    assert described["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == SERVICES
    assert administrator.get("service/kubernetes", namespace="default")["spec"]["clusterIP"].startswith("10.100.")


def test_a_group_s_nodes_are_ready_in_every_zone_and_are_what_eks_says(
    cloud: Cloud, administrator: Cluster, group: str, node_role: str, subnets: list[str]
) -> None:
    taint = {"key": "dedicated", "value": "system", "effect": "NO_SCHEDULE"}
    made = cloud.create_group(
        CLUSTER,
        group,
        node_role,
        subnets,
        scalingConfig={"minSize": 0, "desiredSize": 3, "maxSize": 6},
        instanceTypes=["m5.xlarge"],
        labels={"team": "platform"},
        taints=[taint],
    )
    assert made["status"] == "ACTIVE", made["health"]
    found = nodes(administrator, group)
    assert len(zones(found)) == 3
    for node in found:
        labels = node["metadata"]["labels"]
        assert labels["eks.amazonaws.com/capacityType"] == "ON_DEMAND"
        assert labels["node.kubernetes.io/instance-type"] == "m5.xlarge"
        assert labels["team"] == "platform"
        assert labels["topology.k8s.aws/zone-id"].startswith("cnn1-az")
        assert {"key": "dedicated", "value": "system", "effect": "NoSchedule"} in node["spec"]["taints"]
        assert [item["status"] for item in node["status"]["conditions"] if item["type"] == "Ready"] == ["True"]
    ids = [node["spec"]["providerID"].rpartition("/")[2] for node in found]
    instances = [
        instance for reservation in cloud.ec2.describe_instances(InstanceIds=ids)["Reservations"] for instance in reservation["Instances"]
    ]
    assert {instance["State"]["Name"] for instance in instances} == {"running"}
    tags = [{tag["Key"]: tag["Value"] for tag in instance["Tags"]} for instance in instances]
    assert {entry["aws:eks:cluster-name"] for entry in tags} == {CLUSTER}
    ours = [{"Name": "tag:aws:eks:cluster-name", "Values": [CLUSTER]}]
    (security_group,) = cloud.ec2.describe_security_groups(Filters=ours)["SecurityGroups"]
    assert {entry["GroupId"] for instance in instances for entry in instance["SecurityGroups"]} == {security_group["GroupId"]}


def test_a_group_is_scaled_and_changed_in_place(
    cloud: Cloud, administrator: Cluster, group: str, node_role: str, subnets: list[str]
) -> None:
    def change(**what: Any) -> list[Object]:
        cloud.eks.update_nodegroup_config(clusterName=CLUSTER, nodegroupName=group, **what)
        assert cloud.settled(CLUSTER, group)["status"] == "ACTIVE"
        return nodes(administrator, group)

    sizes = {"minSize": 0, "maxSize": 6}
    cloud.create_group(CLUSTER, group, node_role, subnets, scalingConfig={**sizes, "desiredSize": 1}, labels={"old": "1"})
    (first,) = nodes(administrator, group)

    grown = change(scalingConfig={**sizes, "desiredSize": 4})
    assert sorted(zones(grown).values()) == [1, 1, 2]
    assert first["metadata"]["uid"] in {node["metadata"]["uid"] for node in grown}

    taint = {"key": "dedicated", "effect": "NO_EXECUTE"}
    changed = change(labels={"addOrUpdateLabels": {"new": "2"}, "removeLabels": ["old"]}, taints={"addOrUpdateTaints": [taint]})
    assert {node["metadata"]["uid"] for node in changed} == {node["metadata"]["uid"] for node in grown}
    assert [("old" in node["metadata"]["labels"], node["metadata"]["labels"]["new"]) for node in changed] == [(False, "2")] * 4
    assert all({"key": "dedicated", "effect": "NoExecute"} in node["spec"]["taints"] for node in changed)

    left = change(scalingConfig={**sizes, "desiredSize": 2})
    assert len(zones(left)) == 2


def test_a_new_version_of_its_template_exchanges_a_group_s_nodes(
    cloud: Cloud, administrator: Cluster, group: str, node_role: str, subnets: list[str]
) -> None:
    data = {"InstanceType": "m5.large"}
    template = cloud.ec2.create_launch_template(LaunchTemplateName=group, LaunchTemplateData=data)["LaunchTemplate"]["LaunchTemplateId"]
    cloud.create_group(
        CLUSTER,
        group,
        node_role,
        subnets,
        scalingConfig={"minSize": 0, "maxSize": 6, "desiredSize": 2},
        launchTemplate={"id": template, "version": "1"},
    )
    before = {node["metadata"]["uid"] for node in nodes(administrator, group)}
    cloud.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData={"InstanceType": "m5.xlarge"})
    cloud.eks.update_nodegroup_version(clusterName=CLUSTER, nodegroupName=group, launchTemplate={"id": template, "version": "2"})
    assert cloud.settled(CLUSTER, group)["status"] == "ACTIVE"
    after = nodes(administrator, group)
    assert len(after) == 2
    assert before.isdisjoint(node["metadata"]["uid"] for node in after)
    assert {node["metadata"]["labels"]["node.kubernetes.io/instance-type"] for node in after} == {"m5.xlarge"}
    assert {node["metadata"]["labels"]["eks.amazonaws.com/sourceLaunchTemplateVersion"] for node in after} == {"2"}


@pytest.mark.usefixtures("administrator")
def test_who_has_an_access_entry_gets_in_and_nobody_else(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    role = cloud.role(f"engineer-{uuid4().hex[:8]}")
    engineer = cloud.signed_in(role, CLUSTER, monkeypatch)
    with pytest.raises(RefusedError, match="You must be logged in to the server"):
        engineer.get("pods")

    cloud.eks.create_access_entry(clusterName=CLUSTER, principalArn=role)
    # The API server remembers for a second what it was told of a token.
    wait(lambda: "pods is forbidden" in refusal(engineer, "default"), "the entry lets in, and no more")

    policy = f"arn:{cloud.partition.name}:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    scope = {"type": "namespace", "namespaces": ["default"]}
    cloud.eks.associate_access_policy(clusterName=CLUSTER, principalArn=role, policyArn=policy, accessScope=scope)
    wait(lambda: not refusal(engineer, "default"), "the policy acts")
    assert "pods is forbidden" in refusal(engineer, "kube-system")

    cloud.eks.delete_access_entry(clusterName=CLUSTER, principalArn=role)
    wait(lambda: "You must be logged in" in refusal(engineer, "default"), "nobody is let in without an entry")


def refusal(cluster: Cluster, namespace: str) -> str:
    """Return why pods are not listed; nothing where they are."""
    try:
        cluster.get("pods", namespace=namespace)
    except RefusedError as error:
        return str(error)
    return ""


@pytest.mark.usefixtures("administrator")
def test_a_cluster_of_another_region_runs_beside_it_and_leaves_nothing(
    cloud: Cloud, aws: LocalAws, described: dict[str, Any], tmp_path: Path
) -> None:
    other = Cloud(aws, GLOBAL, tmp_path)
    made = other.create_cluster(CLUSTER, other.subnets(2))
    assert made["status"] == "ACTIVE", made["health"]
    assert made["endpoint"] != described["endpoint"]
    assert made["identity"]["oidc"]["issuer"].startswith(f"https://oidc.eks.{GLOBAL}.amazonaws.com/id/")
    other.administrator(CLUSTER).kubectl("create", "namespace", "only-there")
    with pytest.raises(RefusedError, match="not found"):
        cloud.administrator(CLUSTER).get("namespace/only-there")
    folder = str(other.administrator(CLUSTER).kubeconfig.parent)
    assert mentioning(folder)

    other.eks.delete_cluster(name=CLUSTER)
    wait(lambda: not mentioning(folder), "its processes are gone", 20)
    assert [(found.region, found.name) for found in other.controls.clusters()] == [(CHINA, CLUSTER)]


def test_a_cluster_of_a_version_that_was_not_built_says_so(cloud: Cloud, subnets: list[str]) -> None:
    cloud.eks.create_cluster(
        name="older",
        version="1.35",
        roleArn=cloud.role("older-cluster", "eks.amazonaws.com"),
        resourcesVpcConfig={"subnetIds": subnets},
    )
    wait(lambda: cloud.eks.describe_cluster(name="older")["cluster"]["status"] == "FAILED", "the cluster failed")
    (issue,) = cloud.eks.describe_cluster(name="older")["cluster"]["health"]["issues"]
    assert "the local cluster runs Kubernetes 1.36, not 1.35" in issue["message"]
    cloud.eks.delete_cluster(name="older")
