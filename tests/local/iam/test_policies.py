"""Policies of roles, out of templates as CDK synthesises them."""

from typing import Any

import pytest

from mlplatform.local.aws.resources.contract import Applied
from mlplatform.local.iam import Policy, UnknownPolicyError, UnresolvedError, location, policies_of_role

CHINA = location("123456789012", "cn-north-1")
WORLD = location("123456789012", "us-west-2")


def statement(resource: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}]}


def template(role: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"Resources": {"Worker": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "worker", **role}}, **others}}


def inline(resource: Any) -> dict[str, Any]:
    return {"Policies": [{"PolicyName": "inline", "PolicyDocument": statement(resource)}]}


def resource_of(policy: Policy) -> Any:
    return policy.document["Statement"][0]["Resource"]


@pytest.mark.parametrize(
    ("written", "in_china"),
    [
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::logs-${AWS::AccountId}/*"}, "arn:aws-cn:s3:::logs-123456789012/*"),
        ({"Fn::Join": ["", ["https://sts.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}]]}, "https://sts.cn-north-1.amazonaws.com.cn"),
        ({"Fn::GetAtt": ["Store", "Arn"]}, "arn:aws-cn:s3:::artifacts"),
        ({"Fn::Join": ["", [{"Fn::GetAtt": ["Store", "Arn"]}, "/*"]]}, "arn:aws-cn:s3:::artifacts/*"),
        ({"Fn::GetAtt": ["Jobs", "Arn"]}, "arn:aws-cn:sqs:cn-north-1:123456789012:jobs"),
        ({"Ref": "Jobs"}, "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/jobs"),
        ({"Fn::GetAtt": ["Key", "Arn"]}, "arn:aws-cn:kms:cn-north-1:123456789012:key/Key"),
        ({"Fn::GetAtt": ["Worker", "Arn"]}, "arn:aws-cn:iam::123456789012:role/worker"),
    ],
)  # fmt: skip
def test_values_are_resolved_for_the_partition_account_and_region(written: Any, in_china: str) -> None:
    others = {
        "Store": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "artifacts"}},
        "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
        "Key": {"Type": "AWS::KMS::Key"},
    }
    [policy] = policies_of_role(template(inline(written), **others), "worker", CHINA)
    assert resource_of(policy) == in_china


def test_what_is_really_known_takes_the_place_of_a_name_made_up() -> None:
    key = {"Key": {"Type": "AWS::KMS::Key"}}
    known = {"Key": Applied("abc", {"Arn": "arn:aws-cn:kms:cn-north-1:123456789012:key/abc"}), "other:Bucket": "data"}
    written = [{"Fn::GetAtt": ["Key", "Arn"]}, {"Fn::ImportValue": "other:Bucket"}]
    [policy] = policies_of_role(template(inline(written), **key), "worker", CHINA, known)
    assert resource_of(policy) == ["arn:aws-cn:kms:cn-north-1:123456789012:key/abc", "data"]


def test_policies_that_other_resources_attach_are_collected_and_those_of_other_roles_are_not() -> None:
    def attached(kind: str, roles: Any, name: str) -> dict[str, Any]:
        return {"Type": f"AWS::IAM::{kind}", "Properties": {**roles, name: kind, "PolicyDocument": statement(kind)}}

    others = {
        "ByPolicy": attached("Policy", {"Roles": [{"Ref": "Worker"}]}, "PolicyName"),
        "ByManaged": attached("ManagedPolicy", {"Roles": ["worker"]}, "ManagedPolicyName"),
        "ByRolePolicy": attached("RolePolicy", {"RoleName": {"Ref": "Worker"}}, "PolicyName"),
        "Listed": attached("ManagedPolicy", {}, "ManagedPolicyName"),
        "Foreign": attached("Policy", {"Roles": ["somebody"]}, "PolicyName"),
    }
    role = {**inline("*"), "ManagedPolicyArns": [{"Ref": "Listed"}]}
    found = policies_of_role(template(role, **others), "Worker", CHINA)
    assert [policy.name for policy in found] == ["inline", "Policy", "ManagedPolicy", "RolePolicy", "ManagedPolicy"]


def managed(name: str, partition: Any) -> dict[str, Any]:
    return {"ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", partition, f":iam::aws:policy/{name}"]]}]}


def test_aws_managed_policies_speak_of_the_partition_that_they_are_attached_in() -> None:
    role = managed("AmazonEKS_CNI_Policy", {"Ref": "AWS::Partition"})
    for here in (CHINA, WORLD):
        [policy] = policies_of_role(template(role), "worker", here)
        assert policy.document["Statement"][1]["Resource"] == [f"arn:{here.partition.name}:ec2:*:*:network-interface/*"]


@pytest.mark.parametrize(
    ("name", "partition", "why"),
    [
        ("AmazonElasticContainerRegistryPublicReadOnly", "aws-cn", "aws-cn has no AmazonElasticContainerRegistryPublicReadOnly"),
        ("AmazonEKS_CNI_Policy", "aws", "is not of partition aws-cn"),
        ("AmazonEKS_CNI_Politics", "aws-cn", "AWS has no managed policy AmazonEKS_CNI_Politics"),
        ("AWSLambdaBasicExecutionRole", "aws-cn", "the path of AWSLambdaBasicExecutionRole is /service-role/"),
    ],
)
def test_a_managed_policy_that_the_partition_has_not_is_refused(name: str, partition: str, why: str) -> None:
    with pytest.raises(UnknownPolicyError, match=why):
        policies_of_role(template(managed(name, partition)), "worker", CHINA)


def test_a_condition_of_the_template_decides_what_is_attached() -> None:
    text = template(
        {"ManagedPolicyArns": [{"Fn::If": ["Public", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", {"Ref": "AWS::NoValue"}]}]}
    )
    text["Conditions"] = {"Public": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws"]}}
    assert [policy.name for policy in policies_of_role(text, "worker", WORLD)] == ["AmazonSSMManagedInstanceCore"]
    assert policies_of_role(text, "worker", CHINA) == []


def test_what_cannot_be_told_is_named_with_what_to_do() -> None:
    with pytest.raises(UnresolvedError, match=r"Worker: what Odd \(AWS::Odd::Thing\) is called cannot be told; give it in `known`"):
        policies_of_role(template(inline({"Fn::GetAtt": ["Odd", "Arn"]}), Odd={"Type": "AWS::Odd::Thing"}), "worker", CHINA)
    with pytest.raises(UnresolvedError, match="the export other:Bucket of another stack is not known"):
        policies_of_role(template(inline({"Fn::ImportValue": "other:Bucket"})), "worker", CHINA)
    with pytest.raises(UnresolvedError, match="there is no role helper in the template; it has worker"):
        policies_of_role(template({}), "helper", CHINA)
