"""What is put into a cluster while it runs: add-ons, access entries and pod identities, as EKS shows them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.clusters import ADDONS, VERSION, Platform
from tests.local.aws.resources.making import ACCOUNT, Stack, in_both_partitions


def test_an_addon_has_the_matched_version_and_changes_its_configuration(stack: Stack) -> None:
    platform = Platform(stack)
    addon = platform.addon("vpc-cni", AddonVersion=ADDONS["vpc-cni"], ConfigurationValues='{"env": {}}', ResolveConflicts="OVERWRITE")
    assert (addon["status"], addon["addonVersion"], addon["configurationValues"]) == ("ACTIVE", ADDONS["vpc-cni"], '{"env": {}}')
    role = stack.role("pods.eks.amazonaws.com").attributes["Arn"]
    stack.change("vpc-cni", ConfigurationValues=None, ServiceAccountRoleArn=role)
    addon = platform.shown_addon("vpc-cni")
    assert (addon.get("configurationValues"), addon["serviceAccountRoleArn"]) == (None, role)


def test_addons_with_pods_of_their_own_need_nodes(stack: Stack) -> None:
    platform = Platform(stack)
    with pytest.raises(ResourceFailedError, match="add-on coredns is DEGRADED: InsufficientNumberOfReplicas"):
        platform.addon("coredns")
    assert platform.eks.list_addons(clusterName=stack.name)["addons"] == []
    platform.nodes()
    assert platform.addon("coredns")["status"] == "ACTIVE"


def test_an_addon_that_eks_lacks_is_refused_with_those_there_are(stack: Stack) -> None:
    platform = Platform(stack)
    with pytest.raises(ClientError, match=r"Addon nonsense specified is not supported in .* supported are vpc-cni"):
        platform.addon("nonsense")
    with pytest.raises(ClientError, match=f"Addon version v0 specified is not supported in .* supported is {ADDONS['vpc-cni']}"):
        platform.addon("vpc-cni", AddonVersion="v0")


def test_the_pod_identities_of_an_addon_are_associations(stack: Stack) -> None:
    platform = Platform(stack)
    role = stack.role("pods.eks.amazonaws.com").attributes["Arn"]
    addon = platform.addon("vpc-cni", PodIdentityAssociations=[{"ServiceAccount": "aws-node", "RoleArn": role}])
    (association,) = platform.eks.list_pod_identity_associations(clusterName=stack.name)["associations"]
    assert addon["podIdentityAssociations"] == [association["associationArn"]]
    assert (association["ownerArn"], association["serviceAccount"]) == (addon["addonArn"], "aws-node")
    stack.remove("vpc-cni")
    assert platform.eks.list_pod_identity_associations(clusterName=stack.name)["associations"] == []


def test_versions_of_addons_are_those_of_the_table(stack: Stack) -> None:
    addons = stack.client("eks").describe_addon_versions(kubernetesVersion=VERSION)["addons"]
    assert {addon["addonName"]: addon["addonVersions"][0]["addonVersion"] for addon in addons} == dict(ADDONS)


@in_both_partitions
def test_an_access_entry_lets_a_principal_in_with_policies(stack: Stack) -> None:
    platform = Platform(stack)
    admin = f"arn:{stack.partition}:iam::{ACCOUNT}:role/team/Admin"
    policy = f"arn:{stack.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    view = policy.replace("ClusterAdmin", "View")
    given = [{"PolicyArn": policy, "AccessScope": {"Type": "cluster"}}]
    made = stack.make("EKS::AccessEntry", ClusterName=stack.name, PrincipalArn=admin, AccessPolicies=given, KubernetesGroups=["g"])
    assert made.physical_id == f"{admin}|{stack.name}"
    stack.change(
        AccessPolicies=[{"PolicyArn": view, "AccessScope": {"Type": "namespace", "Namespaces": ["a"]}}], KubernetesGroups=["h"], Tags=[]
    )
    (found,) = platform.eks.list_associated_access_policies(clusterName=stack.name, principalArn=admin)["associatedAccessPolicies"]
    assert (found["policyArn"], found["accessScope"]) == (view, {"type": "namespace", "namespaces": ["a"]})
    entry = platform.eks.describe_access_entry(clusterName=stack.name, principalArn=admin)["accessEntry"]
    assert (entry["kubernetesGroups"], entry["accessEntryArn"]) == (["h"], made.attributes["AccessEntryArn"])
    assert entry["username"] == f"arn:{stack.partition}:sts::{ACCOUNT}:assumed-role/team/Admin/{{{{SessionName}}}}"
    stack.remove()
    assert admin not in platform.eks.list_access_entries(clusterName=stack.name)["accessEntries"]


@in_both_partitions
@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"KubernetesGroups": ["system:masters"]}, "cannot start with system:"),
        ({"PrincipalArn": "arn:aws-iso:iam::123456789012:role/x"}, "invalid partition"),
        (
            {"AccessPolicies": [{"PolicyArn": "arn:aws:eks::aws:cluster-access-policy/No", "AccessScope": {"Type": "cluster"}}]},
            "is not valid",
        ),
    ],
)
def test_an_access_entry_that_eks_would_refuse_is_refused_and_leaves_nothing(stack: Stack, properties: dict[str, Any], words: str) -> None:
    platform = Platform(stack)
    principal = f"arn:{stack.partition}:iam::{ACCOUNT}:role/x"
    with pytest.raises(ClientError, match=words):
        stack.make("EKS::AccessEntry", **{"ClusterName": stack.name, "PrincipalArn": principal, **properties})
    assert platform.eks.list_access_entries(clusterName=stack.name)["accessEntries"] == []


@in_both_partitions
def test_a_cluster_without_access_entries_takes_none(stack: Stack) -> None:
    Platform(stack, AccessConfig={"AuthenticationMode": "CONFIG_MAP"})
    with pytest.raises(ClientError, match="authentication mode must be set to one of"):
        stack.make("EKS::AccessEntry", ClusterName=stack.name, PrincipalArn=f"arn:{stack.partition}:iam::{ACCOUNT}:role/x")
    stack.change("Cluster", AccessConfig={"AuthenticationMode": "API"})
    stack.make("EKS::AccessEntry", ClusterName=stack.name, PrincipalArn=f"arn:{stack.partition}:iam::{ACCOUNT}:role/x")


def test_a_service_account_gets_another_role(stack: Stack) -> None:
    platform = Platform(stack)
    first, second = (stack.role("pods.eks.amazonaws.com", name).attributes["Arn"] for name in "AB")
    given = {"ClusterName": stack.name, "Namespace": "n", "ServiceAccount": "s"}
    made = stack.make("EKS::PodIdentityAssociation", **given, RoleArn=first, Tags=[{"Key": "a", "Value": "b"}])
    with pytest.raises(ClientError, match="Association already exists"):
        stack.make("EKS::PodIdentityAssociation", "Again", **given, RoleArn=first)
    stack.change(RoleArn=second)
    association = platform.eks.describe_pod_identity_association(clusterName=stack.name, associationId=made.attributes["AssociationId"])
    assert (association["association"]["roleArn"], association["association"]["tags"]) == (second, {"team": "ml", "a": "b"})
