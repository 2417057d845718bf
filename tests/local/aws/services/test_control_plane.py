"""What stands behind a cluster: it is started, upgraded, scaled and stopped as EKS's API is called."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mlplatform.local.aws.services import eks
from mlplatform.local.aws.services.eks import Access, ClusterIdentity, NodeGroupState
from mlplatform.local.aws.services.eks.clusters import Clusters

ClientOf = Callable[[str], Any]


@dataclass
class Behind:
    """A control plane that does what it is told, and remembers."""

    may_start: threading.Event = field(default_factory=threading.Event)
    failure: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])

    def start(self, cluster: ClusterIdentity) -> Access:
        self.may_start.wait(10)
        if self.failure:
            raise RuntimeError(self.failure)
        self.calls.append(("start", cluster.version))
        return Access("https://127.0.0.1:6443", "Q0E=", cluster.issuer)

    def upgrade(self, cluster: ClusterIdentity) -> None:
        self.calls.append(("upgrade", cluster.version))

    def stop(self, cluster: ClusterIdentity) -> None:
        self.calls.append(("stop", cluster.name))

    def scale(self, group: NodeGroupState) -> None:
        if self.failure:
            raise RuntimeError(self.failure)
        self.calls.append(("scale", (group.desired, dict(group.labels))))


@pytest.fixture
def behind() -> Iterator[Behind]:
    """A control plane in the place of made-up values, for one test."""
    before, made = Clusters.control_plane, Behind()
    eks.use(made)
    yield made
    made.may_start.set()
    eks.use(before)


Create = Callable[..., Any]


@pytest.fixture
def create(of: ClientOf, name: str, subnets: list[str], role_of: ClientOf) -> Create:
    """Create the cluster of a test."""

    def make(version: str = "1.36") -> Any:
        access = {"authenticationMode": "API"}
        network = {"subnetIds": subnets}
        made = of("eks").create_cluster(
            name=name, version=version, roleArn=role_of("eks.amazonaws.com"), resourcesVpcConfig=network, accessConfig=access
        )
        return made["cluster"]

    return make


def settled(describe: Callable[[], Any], working: str) -> Any:
    end = time.monotonic() + 10
    while (found := describe())["status"] == working:
        assert time.monotonic() < end, f"{working} for ten seconds"
        time.sleep(0.01)
    return found


def test_a_cluster_is_creating_until_its_control_plane_serves(of: ClientOf, name: str, behind: Behind, create: Create) -> None:
    assert create()["status"] == "CREATING"
    assert of("eks").describe_cluster(name=name)["cluster"]["status"] == "CREATING"
    behind.may_start.set()
    cluster = settled(lambda: of("eks").describe_cluster(name=name)["cluster"], "CREATING")
    assert (cluster["status"], cluster["endpoint"]) == ("ACTIVE", "https://127.0.0.1:6443")
    assert cluster["certificateAuthority"]["data"] == "Q0E="
    assert cluster["identity"]["oidc"]["issuer"].startswith("https://oidc.eks.cn-north-1.amazonaws.com.cn/id/")
    of("eks").delete_cluster(name=name)
    assert behind.calls == [("start", "1.36"), ("stop", name)]


def test_a_control_plane_that_fails_says_why_in_the_clusters_health(of: ClientOf, name: str, behind: Behind, create: Create) -> None:
    behind.failure = "no room for etcd"
    behind.may_start.set()
    create()
    cluster = settled(lambda: of("eks").describe_cluster(name=name)["cluster"], "CREATING")
    assert (cluster["status"], cluster["health"]["issues"][0]["message"]) == ("FAILED", "no room for etcd")


def test_an_upgrade_reaches_the_control_plane_one_minor_version_at_a_time(of: ClientOf, name: str, behind: Behind, create: Create) -> None:
    behind.may_start.set()
    create("1.34")
    client = of("eks")
    settled(lambda: client.describe_cluster(name=name)["cluster"], "CREATING")
    with pytest.raises(client.exceptions.InvalidParameterException, match="Unsupported Kubernetes minor version update"):
        client.update_cluster_version(name=name, version="1.36")
    update = client.update_cluster_version(name=name, version="1.35")["update"]
    assert client.describe_update(name=name, updateId=update["id"])["update"]["type"] == "VersionUpdate"
    settled(lambda: client.describe_cluster(name=name)["cluster"], "UPDATING")
    assert ("upgrade", "1.35") in behind.calls


def test_nodes_come_change_and_go_with_their_group(
    of: ClientOf, name: str, *, behind: Behind, create: Create, subnets: list[str], role_of: ClientOf
) -> None:
    behind.may_start.set()
    create()
    client = of("eks")
    settled(lambda: client.describe_cluster(name=name)["cluster"], "CREATING")
    which = {"clusterName": name, "nodegroupName": "g"}

    def describe() -> Any:
        return client.describe_nodegroup(**which)["nodegroup"]

    sizes = {"minSize": 1, "maxSize": 3, "desiredSize": 2}
    client.create_nodegroup(**which, nodeRole=role_of("ec2.amazonaws.com.cn"), subnets=subnets, scalingConfig=sizes)
    settled(describe, "CREATING")
    client.update_nodegroup_config(**which, scalingConfig={**sizes, "desiredSize": 3}, labels={"addOrUpdateLabels": {"a": "b"}})
    settled(describe, "UPDATING")
    client.delete_nodegroup(**which)
    assert [call for call in behind.calls if call[0] == "scale"] == [
        ("scale", (2, {})),
        ("scale", (3, {"a": "b"})),
        ("scale", (0, {"a": "b"})),
    ]


def test_nodes_that_do_not_come_fail_their_group_with_the_reason(
    of: ClientOf, name: str, *, behind: Behind, create: Create, subnets: list[str], role_of: ClientOf
) -> None:
    behind.may_start.set()
    create()
    client = of("eks")
    settled(lambda: client.describe_cluster(name=name)["cluster"], "CREATING")
    behind.failure = "no kubelet"
    client.create_nodegroup(clusterName=name, nodegroupName="g", nodeRole=role_of("ec2.amazonaws.com.cn"), subnets=subnets)
    group = settled(lambda: client.describe_nodegroup(clusterName=name, nodegroupName="g")["nodegroup"], "CREATING")
    issue = group["health"]["issues"][0]
    assert (group["status"], issue["code"], issue["message"]) == ("CREATE_FAILED", "NodeCreationFailure", "no kubelet")


def test_a_control_plane_learns_who_may_sign_in(of: ClientOf, name: str, behind: Behind, create: Create) -> None:
    behind.may_start.set()
    arn = create()["arn"]
    settled(lambda: of("eks").describe_cluster(name=name)["cluster"], "CREATING")
    account = arn.split(":")[4]
    principal = f"arn:aws-cn:iam::{account}:role/Admin"
    policy = "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    of("eks").create_access_entry(clusterName=name, principalArn=principal, kubernetesGroups=["admins"])
    of("eks").associate_access_policy(clusterName=name, principalArn=principal, policyArn=policy, accessScope={"type": "cluster"})
    identity = ClusterIdentity(
        account=account, region="cn-north-1", partition="aws-cn", name=name, arn=arn, version="1.36", service_cidr="172.20.0.0/16"
    )
    entry = eks.entry(identity, principal)
    assert entry is not None
    assert (entry.kubernetes_groups, list(entry.policies)) == (["admins"], [policy])
    assert eks.entry(identity, "arn:aws-cn:iam::123456789012:role/Nobody") is None


def test_everything_of_a_cluster_takes_tags(of: ClientOf, name: str, behind: Behind, create: Create) -> None:
    behind.may_start.set()
    arn = create()["arn"]
    client = of("eks")
    settled(lambda: client.describe_cluster(name=name)["cluster"], "CREATING")
    addon = client.create_addon(clusterName=name, addonName="vpc-cni", tags={"a": "b"})["addon"]["addonArn"]
    for known in (arn, addon):
        client.tag_resource(resourceArn=known, tags={"c": "d"})
        client.untag_resource(resourceArn=known, tagKeys=["a"])
        assert client.list_tags_for_resource(resourceArn=known)["tags"] == {"c": "d"}
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.list_tags_for_resource(resourceArn=f"{arn}-none")


def test_names_come_in_pages(of: ClientOf, name: str, behind: Behind, create: Create) -> None:
    behind.may_start.set()
    create()
    client = of("eks")
    settled(lambda: client.describe_cluster(name=name)["cluster"], "CREATING")
    for addon in ("vpc-cni", "kube-proxy", "eks-pod-identity-agent"):
        client.create_addon(clusterName=name, addonName=addon)
    first = client.list_addons(clusterName=name, maxResults=2)
    second = client.list_addons(clusterName=name, maxResults=2, nextToken=first["nextToken"])
    assert [*first["addons"], *second["addons"]] == ["eks-pod-identity-agent", "kube-proxy", "vpc-cni"]
