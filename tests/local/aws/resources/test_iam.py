"""Roles, policies and identity providers, as IAM shows them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.making import Stack, allowing, as_map, in_both_partitions, trusting


def managed(stack: Stack, name: str) -> str:
    return f"arn:{stack.partition}:iam::aws:policy/{name}"


def attached(stack: Stack, role: str) -> list[str]:
    return [policy["PolicyArn"] for policy in stack.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]]


def inline(stack: Stack, role: str) -> dict[str, Any]:
    iam = stack.client("iam")
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    return {name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names}


@in_both_partitions
def test_a_role_wears_what_its_template_gives_it(stack: Stack) -> None:
    made = stack.make(
        "IAM::Role",
        AssumeRolePolicyDocument=trusting("ec2.amazonaws.com"),
        ManagedPolicyArns=[managed(stack, "AmazonEKSWorkerNodePolicy")],
        Policies=[{"PolicyName": "read", "PolicyDocument": allowing("s3:GetObject")}],
        Description="d",
        MaxSessionDuration="7200",
        Path="/team/",
        PermissionsBoundary=managed(stack, "ReadOnlyAccess"),
        Tags=[{"Key": "a", "Value": "b"}],
    )
    role = stack.client("iam").get_role(RoleName=made.physical_id)["Role"]
    assert made.attributes == {"Arn": role["Arn"], "RoleId": role["RoleId"]}
    assert role["Arn"].startswith(f"arn:{stack.partition}:iam::123456789012:role/team/{stack.name}-Thing-")
    assert role["AssumeRolePolicyDocument"] == trusting("ec2.amazonaws.com")
    assert (role["Description"], role["MaxSessionDuration"]) == ("d", 7200)
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == managed(stack, "ReadOnlyAccess")
    assert as_map(role["Tags"]) == {"team": "ml", "a": "b"}
    assert attached(stack, made.physical_id) == [managed(stack, "AmazonEKSWorkerNodePolicy")]
    assert inline(stack, made.physical_id) == {"read": allowing("s3:GetObject")}


@in_both_partitions
def test_a_trust_policy_may_be_the_json_text_that_fn_sub_makes(stack: Stack) -> None:
    issuer = f"oidc.eks.{stack.region}.{stack.suffix}/id/ABC"
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:{stack.partition}:iam::123456789012:oidc-provider/{issuer}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"}},
            }
        ],
    }
    made = stack.make("IAM::Role", AssumeRolePolicyDocument=json.dumps(document))
    assert stack.client("iam").get_role(RoleName=made.physical_id)["Role"]["AssumeRolePolicyDocument"] == document


def test_a_trust_policy_that_is_no_json_fails_with_the_property(stack: Stack) -> None:
    with pytest.raises(ResourceFailedError, match="AssumeRolePolicyDocument: is no JSON"):
        stack.make("IAM::Role", AssumeRolePolicyDocument="{not json")


def test_a_trust_policy_without_a_version_is_one_as_the_bootstrap_has_it(stack: Stack) -> None:
    statement = {"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {"AWS": "123456789012"}}
    tagging = {"Action": ["sts:TagSession"], "Effect": "Allow", "Principal": {"AWS": "123456789012"}}
    stack.make("IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})
    stack.change(AssumeRolePolicyDocument={"Statement": [statement, tagging]})


def test_a_trust_policy_with_a_resource_is_refused_at_creation(stack: Stack) -> None:
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        stack.make("IAM::Role", AssumeRolePolicyDocument=allowing("sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"}))


@in_both_partitions
def test_everything_of_a_role_changes_in_place(stack: Stack) -> None:
    made = stack.make(
        "IAM::Role",
        AssumeRolePolicyDocument=trusting("ec2.amazonaws.com"),
        ManagedPolicyArns=[managed(stack, "AmazonEKSWorkerNodePolicy")],
        Policies=[{"PolicyName": "old", "PolicyDocument": allowing("s3:GetObject")}],
        PermissionsBoundary=managed(stack, "ReadOnlyAccess"),
        Tags=[{"Key": "a", "Value": "b"}],
    )
    stack.tags = {"owner": "x"}
    stack.change(
        previous_tags={"team": "ml"},
        AssumeRolePolicyDocument=trusting("eks.amazonaws.com"),
        ManagedPolicyArns=[managed(stack, "AmazonEKS_CNI_Policy")],
        Policies=[{"PolicyName": "new", "PolicyDocument": allowing("s3:PutObject")}],
        PermissionsBoundary=None,
        Description="later",
        Tags=None,
    )
    role = stack.client("iam").get_role(RoleName=made.physical_id)["Role"]
    assert role["AssumeRolePolicyDocument"] == trusting("eks.amazonaws.com")
    assert "PermissionsBoundary" not in role
    assert role["Description"] == "later"
    assert as_map(role["Tags"]) == {"owner": "x"}
    assert attached(stack, made.physical_id) == [managed(stack, "AmazonEKS_CNI_Policy")]
    assert list(inline(stack, made.physical_id)) == ["new"]


@in_both_partitions
def test_a_policy_that_does_not_exist_fails_the_role_and_leaves_nothing(stack: Stack) -> None:
    name = f"{stack.name}-role"
    with pytest.raises(ClientError, match="NoSuchEntity"):
        stack.make("IAM::Role", RoleName=name, AssumeRolePolicyDocument=trusting("x"), ManagedPolicyArns=[managed(stack, "NoSuchPolicy")])
    with pytest.raises(ClientError, match="NoSuchEntity"):
        stack.client("iam").get_role(RoleName=name)


@in_both_partitions
def test_a_policy_that_china_lacks_is_missing_there_alone(stack: Stack) -> None:
    def attach() -> None:
        stack.role(ManagedPolicyArns=[managed(stack, "AmazonElasticContainerRegistryPublicReadOnly")])

    if stack.partition == "aws":
        attach()
    else:
        with pytest.raises(ClientError, match="NoSuchEntity"):
            attach()


@in_both_partitions
def test_policies_of_aws_name_the_partition_they_are_in(stack: Stack) -> None:
    iam = stack.client("iam")
    arn = managed(stack, "AmazonEKSClusterPolicy")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = json.dumps(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])
    assert stack.partition == "aws" or "arn:aws:" not in document


@in_both_partitions
def test_a_role_that_somebody_gave_more_is_not_deleted(stack: Stack) -> None:
    role = stack.role().physical_id
    iam = stack.client("iam")
    iam.attach_role_policy(RoleName=role, PolicyArn=managed(stack, "ReadOnlyAccess"))
    with pytest.raises(ClientError, match="DeleteConflict"):
        stack.remove("Role")
    iam.detach_role_policy(RoleName=role, PolicyArn=managed(stack, "ReadOnlyAccess"))
    iam.delete_role(RoleName=role)


def test_an_inline_policy_moves_between_roles_and_leaves_them(stack: Stack) -> None:
    first, second = stack.role(logical_id="A").physical_id, stack.role(logical_id="B").physical_id
    stack.make("IAM::Policy", PolicyName="p", PolicyDocument=allowing("s3:GetObject"), Roles=[first])
    assert inline(stack, first) == {"p": allowing("s3:GetObject")}
    stack.change(PolicyName="q", PolicyDocument=allowing("s3:PutObject"), Roles=[second])
    assert (inline(stack, first), inline(stack, second)) == ({}, {"q": allowing("s3:PutObject")})
    stack.remove()
    assert inline(stack, second) == {}


def test_an_inline_policy_needs_a_holder(stack: Stack) -> None:
    with pytest.raises(ResourceFailedError, match="At least one of"):
        stack.make("IAM::Policy", PolicyName="p", PolicyDocument=allowing("s3:GetObject"))


@in_both_partitions
def test_a_managed_policy_gets_versions_and_is_attached(stack: Stack) -> None:
    role = stack.role().physical_id
    made = stack.make("IAM::ManagedPolicy", ManagedPolicyName=stack.name, PolicyDocument=allowing("s3:GetObject"), Roles=[role])
    assert made.physical_id == f"arn:{stack.partition}:iam::123456789012:policy/{stack.name}"
    assert attached(stack, role) == [made.physical_id]
    for number in range(6):
        stack.change(PolicyDocument=allowing(f"s3:Get{number}"))
    stack.change(Roles=[])
    iam = stack.client("iam")
    version = iam.get_policy(PolicyArn=made.physical_id)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(PolicyArn=made.physical_id, VersionId=version)["PolicyVersion"]["Document"] == allowing("s3:Get5")
    assert attached(stack, role) == []


def test_a_managed_policy_that_is_worn_is_not_deleted(stack: Stack) -> None:
    made = stack.make("IAM::ManagedPolicy", PolicyDocument=allowing("s3:GetObject"))
    role = stack.role().physical_id
    iam = stack.client("iam")
    iam.attach_role_policy(RoleName=role, PolicyArn=made.physical_id)
    with pytest.raises(ClientError, match="DeleteConflict"):
        iam.delete_policy(PolicyArn=made.physical_id)
    iam.detach_role_policy(RoleName=role, PolicyArn=made.physical_id)


def test_an_instance_profile_exchanges_its_role(stack: Stack) -> None:
    first, second = stack.role(logical_id="A").physical_id, stack.role(logical_id="B").physical_id
    made = stack.make("IAM::InstanceProfile", Roles=[first])
    stack.change(Roles=[second])
    profile = stack.client("iam").get_instance_profile(InstanceProfileName=made.physical_id)["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == [second]
    assert profile["Arn"] == made.attributes["Arn"]


@in_both_partitions
def test_an_identity_provider_changes_its_audiences(stack: Stack) -> None:
    url = f"https://oidc.eks.{stack.region}.{stack.suffix}/id/{stack.name}"
    made = stack.make("IAM::OIDCProvider", Url=url, ClientIdList=["sts.amazonaws.com"], Tags=[{"Key": "a", "Value": "b"}])
    assert made.physical_id == f"arn:{stack.partition}:iam::123456789012:oidc-provider/{url.removeprefix('https://')}"
    stack.change(ClientIdList=["other"], ThumbprintList=["9" * 40], Tags=None)
    provider = stack.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=made.physical_id)
    assert (provider["ClientIDList"], provider["ThumbprintList"], as_map(provider["Tags"])) == (["other"], ["9" * 40], {"team": "ml"})


def test_a_service_linked_role_belongs_to_its_service(stack: Stack) -> None:
    made = stack.make("IAM::ServiceLinkedRole", AWSServiceName="autoscaling.amazonaws.com", CustomSuffix=stack.name, Description="d")
    stack.change(Description="e")
    role = stack.client("iam").get_role(RoleName=made.physical_id)["Role"]
    assert "/aws-service-role/autoscaling.amazonaws.com/" in role["Path"]
    assert role["Description"] == "e"
