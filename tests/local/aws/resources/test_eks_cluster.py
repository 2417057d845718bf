"""Clusters and node groups, as EKS shows them."""

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.clusters import VERSION, Platform
from tests.local.aws.resources.making import Stack, in_both_partitions


def logging(*types: str) -> dict[str, Any]:
    return {"ClusterLogging": {"EnabledTypes": [{"Type": name} for name in types]}}


def enabled(cluster: dict[str, Any]) -> list[str]:
    return [name for setup in cluster["logging"]["clusterLogging"] if setup["enabled"] for name in setup["types"]]


@in_both_partitions
def test_a_cluster_answers_like_one_of_its_region(stack: Stack) -> None:
    key = stack.key().attributes["Arn"]
    platform = Platform(
        stack,
        EncryptionConfig=[{"Resources": ["secrets"], "Provider": {"KeyArn": key}}],
        Logging=logging("api", "audit"),
        KubernetesNetworkConfig={"IpFamily": "ipv4", "ServiceIpv4Cidr": "172.20.0.0/16"},
        UpgradePolicy={"SupportType": "STANDARD"},
        Tags=[{"Key": "a", "Value": "b"}],
    )
    cluster, attributes = platform.shown, platform.made.attributes
    assert (cluster["status"], cluster["version"]) == ("ACTIVE", VERSION)
    assert cluster["arn"] == attributes["Arn"] == stack.arn("eks", f"cluster/{stack.name}")
    assert cluster["endpoint"].endswith(f".gr7.{stack.region}.eks.{stack.suffix}")
    issuer = cluster["identity"]["oidc"]["issuer"]
    assert issuer.startswith(f"https://oidc.eks.{stack.region}.{stack.suffix}/id/")
    assert issuer == attributes["OpenIdConnectIssuerUrl"]
    authority = x509.load_pem_x509_certificate(base64.b64decode(attributes["CertificateAuthorityData"]))
    assert authority.subject.rfc4514_string() == "CN=kubernetes"
    assert cluster["encryptionConfig"] == [{"resources": ["secrets"], "provider": {"keyArn": key}}]
    assert attributes["EncryptionConfigKeyArn"] == key
    assert enabled(cluster) == ["api", "audit"]
    assert cluster["accessConfig"] == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    assert cluster["kubernetesNetworkConfig"]["ipFamily"] == "ipv4"
    assert cluster["upgradePolicy"] == {"supportType": "STANDARD"}
    assert cluster["tags"] == {"team": "ml", "a": "b"}
    group = attributes["ClusterSecurityGroupId"]
    assert cluster["resourcesVpcConfig"]["clusterSecurityGroupId"] == group
    (shown,) = stack.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert shown["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == group


def test_a_cluster_changes_one_thing_after_the_other(stack: Stack) -> None:
    platform = Platform(stack, Version="1.35", Logging=logging("api"), DeletionProtection=True)
    open_to = {
        "SubnetIds": platform.subnets,
        "EndpointPrivateAccess": True,
        "EndpointPublicAccess": True,
        "PublicAccessCidrs": ["1.2.3.0/24"],
    }
    stack.change(
        "Cluster",
        Version="1.36",
        Logging=logging("scheduler"),
        ResourcesVpcConfig=open_to,
        DeletionProtection=False,
        UpgradePolicy={"SupportType": "STANDARD"},
        Tags=[{"Key": "c", "Value": "d"}],
    )
    cluster = platform.shown
    assert (cluster["version"], enabled(cluster), cluster["deletionProtection"]) == ("1.36", ["scheduler"], False)
    assert cluster["resourcesVpcConfig"]["publicAccessCidrs"] == ["1.2.3.0/24"]
    assert (cluster["upgradePolicy"], cluster["tags"]) == ({"supportType": "STANDARD"}, {"team": "ml", "c": "d"})


def test_a_protected_cluster_is_not_deleted(stack: Stack) -> None:
    Platform(stack, DeletionProtection="true")
    with pytest.raises(ClientError, match="protected against deletion"):
        stack.client("eks").delete_cluster(name=stack.name)
    stack.change("Cluster", DeletionProtection=False)


def test_auto_mode_is_refused_with_what_to_do(stack: Stack) -> None:
    with pytest.raises(ResourceFailedError, match=r"ComputeConfig\.Enabled: the local AWS does not play EKS Auto Mode; set it to false"):
        Platform(stack, ComputeConfig={"Enabled": True})


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"Version": "1.10"}, "unsupported Kubernetes version: 1.10"),
        ({"ResourcesVpcConfig": {"SubnetIds": ["subnet-0", "subnet-1"]}}, "The subnet ID 'subnet-0' does not exist"),
        ({"RoleArn": "arn:aws:iam::123456789012:role/none"}, "could not be assumed because it does not exist"),
    ],
)
def test_a_cluster_needs_what_exists(stack: Stack, properties: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words):
        Platform(stack, **properties)


def test_a_cluster_needs_two_zones(stack: Stack) -> None:
    (subnet,) = stack.subnets(1)
    role = stack.role("eks.amazonaws.com").attributes["Arn"]
    with pytest.raises(ClientError, match="at least two different AZs"):
        stack.make("EKS::Cluster", Name=stack.name, RoleArn=role, ResourcesVpcConfig={"SubnetIds": [subnet]})


def test_a_node_group_is_scaled_labelled_and_tainted(stack: Stack) -> None:
    platform = Platform(stack)
    taint = {"Key": "k", "Value": "v", "Effect": "NO_SCHEDULE"}
    group = platform.nodes(Labels={"pool": "system"}, Taints=[taint], InstanceTypes=["m5.xlarge"], AmiType="AL2023_x86_64_STANDARD")
    assert (group["status"], group["scalingConfig"]["desiredSize"], group["labels"]) == ("ACTIVE", 2, {"pool": "system"})
    assert group["resources"]["autoScalingGroups"][0]["name"].startswith("eks-system-")
    stack.change("Nodes", ScalingConfig={"MinSize": 0, "MaxSize": 5, "DesiredSize": 4}, Labels={"x": "y"}, Taints=[{**taint, "Value": "w"}])
    group = platform.group
    assert (group["scalingConfig"], group["labels"]) == ({"minSize": 0, "maxSize": 5, "desiredSize": 4}, {"x": "y"})
    assert [found["value"] for found in group["taints"]] == ["w"]
    stack.change("Nodes", Taints=None, Labels=None, ReleaseVersion="1.36.1-20261111")
    assert (platform.group["taints"], platform.group["labels"], platform.group["releaseVersion"]) == ([], {}, "1.36.1-20261111")


def test_a_node_group_follows_its_launch_template(stack: Stack) -> None:
    platform = Platform(stack)
    data = {"MetadataOptions": {"HttpTokens": "required"}}
    template = stack.make("EC2::LaunchTemplate", "Template", LaunchTemplateData=data).physical_id
    group = platform.nodes(LaunchTemplate={"Id": template, "Version": "1"})
    assert (group["launchTemplate"]["id"], group["launchTemplate"]["version"]) == (template, "1")
    stack.change("Template", LaunchTemplateData={"MetadataOptions": {"HttpTokens": "optional"}})
    stack.change("Nodes", LaunchTemplate={"Id": template, "Version": "2"})
    assert platform.group["launchTemplate"]["version"] == "2"
    with pytest.raises(ClientError, match=r"version 3 .* does not exist"):
        stack.change("Nodes", LaunchTemplate={"Id": template, "Version": "3"})


@in_both_partitions
def test_a_node_role_needs_the_principal_of_its_partition(stack: Stack) -> None:
    platform = Platform(stack)
    other = "ec2.amazonaws.com" if stack.partition == "aws-cn" else "ec2.amazonaws.com.cn"
    role = stack.role(other, "WrongRole").attributes["Arn"]
    with pytest.raises(ClientError, match=rf"Following required service principals \[ec2.{stack.suffix}\] were not found"):
        platform.nodes(NodeRole=role)


def test_the_role_of_a_node_group_may_join(stack: Stack) -> None:
    platform = Platform(stack)
    role = platform.nodes()["nodeRole"]
    entry = platform.eks.describe_access_entry(clusterName=stack.name, principalArn=role)["accessEntry"]
    assert (entry["type"], entry["kubernetesGroups"], entry["username"]) == (
        "EC2_LINUX",
        ["system:nodes"],
        "system:node:{{EC2PrivateDNSName}}",
    )


def test_a_cluster_with_nodes_is_not_deleted(stack: Stack) -> None:
    platform = Platform(stack)
    platform.nodes()
    with pytest.raises(ClientError, match="Cluster has nodegroups attached"):
        platform.eks.delete_cluster(name=stack.name)
