"""The record of calls that policies are evaluated over."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from mlplatform.local.aws.process import LocalAws

ClientOf = Callable[..., Any]


def calls(aws: LocalAws, **wanted: Any) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{aws.endpoint}/_local/calls") as answer:  # noqa: S310 - http on loopback
        recorded = [json.loads(line) for line in answer.read().decode().splitlines()]
    return [call for call in recorded if all(call[key] == value for key, value in wanted.items())]


def test_a_call_is_recorded_with_who_what_and_on_which_resource(aws: LocalAws, client: ClientOf, name: str) -> None:
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    client("s3").put_object(Bucket=name, Key="a/b.txt", Body=b"x")

    (put,) = [call for call in calls(aws, service="s3", operation="PutObject") if call["parameters"]["Bucket"] == name]

    assert put["caller"] == aws.environment("cn-north-1")["AWS_ACCESS_KEY_ID"]
    assert put["resources"] == [f"arn:aws-cn:s3:::{name}/a/b.txt"]
    assert (put["region"], put["status"], put["error"]) == ("cn-north-1", 200, None)


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("ec2", "DescribeVpcs", {"VpcIds": ["vpc-12345678"]}),
        ("eks", "DescribeCluster", {"name": "absent"}),
        ("ssm", "GetParameter", {"Name": "absent"}),
        ("iam", "GetRole", {"RoleName": "absent"}),
        ("s3", "GetBucketPolicy", {"Bucket": "absent-bucket"}),
    ],
)
def test_a_refused_call_of_each_protocol_is_recorded_with_its_error(
    aws: LocalAws, client: ClientOf, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(client(service), xform_name(operation))(**arguments)

    last = calls(aws, service=service, operation=operation)[-1]
    assert last["parameters"] == arguments
    assert last["status"] >= 400
    assert last["error"] == refused.value.response.get("Error", {}).get("Code")


def test_a_session_of_a_role_is_recorded_as_that_role(aws: LocalAws, client: ClientOf, name: str) -> None:
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
        }
    )
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    credentials = client("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    session: Any = boto3.Session(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"], "cn-north-1")

    session.client("sqs", endpoint_url=aws.endpoint).create_queue(QueueName=name)

    (create,) = [call for call in calls(aws, service="sqs", operation="CreateQueue") if call["parameters"]["QueueName"] == name]
    assert create["caller"] == f"arn:aws-cn:sts::123456789012:assumed-role/{name}/me"


def test_secrets_are_not_recorded(aws: LocalAws, client: ClientOf, name: str) -> None:
    client("secretsmanager").create_secret(Name=name, SecretString="xyzzy-2")

    (create,) = [call for call in calls(aws, operation="CreateSecret") if call["parameters"]["Name"] == name]
    assert create["parameters"]["SecretString"] == "..."


def test_what_cloudformation_makes_is_recorded_as_made_by_it(aws: LocalAws, client: ClientOf, name: str) -> None:
    resource = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": f"/{name}", "Value": "v"}}
    client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"A": resource}}))
    client("cloudformation").describe_stacks(StackName=name)

    (put,) = [call for call in calls(aws, operation="PutParameter") if call["parameters"]["Name"] == f"/{name}"]
    assert put["caller"] == "cloudformation"
