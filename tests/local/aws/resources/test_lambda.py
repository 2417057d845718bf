"""Functions and what surrounds them, as Lambda shows them."""

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.resources.making import Stack, in_both_partitions

VPC_ACCESS = "service-role/AWSLambdaVPCAccessExecutionRole"


def archive(name: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr(name, "x = 1")
    return written.getvalue()


def stored(stack: Stack, name: str) -> dict[str, str]:
    bucket = stack.make("S3::Bucket", "Assets").physical_id
    stack.client("s3").put_object(Bucket=bucket, Key="asset.zip", Body=archive(name))
    return {"S3Bucket": bucket, "S3Key": "asset.zip"}


def function(stack: Stack, **properties: Any) -> str:
    role = properties.pop("Role", None) or stack.role().attributes["Arn"]
    code = {"ZipFile": "def handler(event, context): return event"}
    given = {"Role": role, "Runtime": "python3.13", "Handler": "index.handler", "Code": code}
    return stack.make("Lambda::Function", "Function", **{**given, **properties}).physical_id


def shown(stack: Stack, name: str) -> dict[str, Any]:
    return stack.client("lambda").get_function(FunctionName=name)


def test_a_function_keeps_its_whole_configuration(stack: Stack) -> None:
    group = stack.make("Logs::LogGroup", "Logs").physical_id
    name = function(
        stack,
        Timeout="900",
        MemorySize="1024",
        Description="d",
        Environment={"Variables": {"A": "b"}},
        EphemeralStorage={"Size": 2048},
        LoggingConfig={"LogGroup": group},
        TracingConfig={"Mode": "Active"},
        Architectures=["arm64"],
        ReservedConcurrentExecutions="2",
        Tags=[{"Key": "a", "Value": "b"}],
    )
    found = shown(stack, name)
    configuration = found["Configuration"]
    assert (configuration["Timeout"], configuration["MemorySize"], configuration["Description"]) == (900, 1024, "d")
    assert (configuration["Environment"]["Variables"], configuration["EphemeralStorage"]) == ({"A": "b"}, {"Size": 2048})
    assert configuration["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": group}
    assert (configuration["TracingConfig"], configuration["Architectures"]) == ({"Mode": "Active"}, ["arm64"])
    assert (found["Concurrency"]["ReservedConcurrentExecutions"], found["Tags"]) == (2, {"team": "ml", "a": "b"})


@in_both_partitions
def test_a_function_runs_code_from_a_bucket_over_a_layer(stack: Stack) -> None:
    code = stored(stack, "python/x.py")
    layer = stack.make("Lambda::LayerVersion", "Layer", Content=code, Description="d", LicenseInfo="Apache-2.0").physical_id
    assert layer.startswith(stack.arn("lambda", f"layer:{stack.name}-Layer-"))
    name = function(stack, Code=code, Layers=[layer])
    assert [used["Arn"] for used in shown(stack, name)["Configuration"]["Layers"]] == [layer]
    stack.change("Function", Layers=None)
    assert shown(stack, name)["Configuration"].get("Layers", []) == []
    stack.client("s3").delete_object(Bucket=code["S3Bucket"], Key=code["S3Key"])


def test_a_function_changes_code_and_configuration(stack: Stack) -> None:
    name = function(stack, Timeout=3, Environment={"Variables": {"A": "b"}}, ReservedConcurrentExecutions=2)
    before = shown(stack, name)["Configuration"]["CodeSha256"]
    stack.change(
        "Function",
        Code={"ZipFile": "def handler(event, context): return None"},
        Timeout=60,
        Environment=None,
        ReservedConcurrentExecutions=None,
        TracingConfig={"Mode": "Active"},
    )
    found = shown(stack, name)
    configuration = found["Configuration"]
    assert configuration["CodeSha256"] != before
    assert (configuration["Timeout"], configuration["TracingConfig"]) == (60, {"Mode": "Active"})
    assert "Environment" not in configuration
    assert "Concurrency" not in found


@in_both_partitions
def test_a_function_enters_a_network_with_a_role_that_may(stack: Stack) -> None:
    (subnet,) = stack.subnets(1)
    network = {"SubnetIds": [subnet], "SecurityGroupIds": [stack.group()]}
    with pytest.raises(ClientError, match="does not have permissions to call CreateNetworkInterface on EC2"):
        function(stack, VpcConfig=network)
    stack.change("Role", ManagedPolicyArns=[f"arn:{stack.partition}:iam::aws:policy/{VPC_ACCESS}"])
    role = stack.change("Role").attributes["Arn"]
    name = function(stack, VpcConfig=network, Role=role)
    assert shown(stack, name)["Configuration"]["VpcConfig"]["VpcId"] == stack.vpc


@in_both_partitions
def test_a_function_needs_a_role_that_exists(stack: Stack) -> None:
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        function(stack, Role=f"arn:{stack.partition}:iam::123456789012:role/none")


@in_both_partitions
def test_a_version_is_a_function_as_it_was(stack: Stack) -> None:
    name = function(stack)
    made = stack.make("Lambda::Version", FunctionName=name)
    assert (made.attributes["Version"], made.physical_id) == ("1", f"{stack.arn('lambda', f'function:{name}')}:1")
    stack.remove()
    versions = stack.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    assert [version["Version"] for version in versions] == ["$LATEST"]


@in_both_partitions
def test_a_permission_lets_a_service_call(stack: Stack) -> None:
    name = function(stack)
    source = stack.arn("events", "rule/r")
    stack.make("Lambda::Permission", FunctionName=name, Action="lambda:InvokeFunction", Principal="events.amazonaws.com", SourceArn=source)
    client = stack.client("lambda")
    (statement,) = json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "events.amazonaws.com"}, "lambda:InvokeFunction")
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == source
    stack.remove()
    with pytest.raises(ClientError, match="ResourceNotFound"):
        client.get_policy(FunctionName=name)


def test_failed_calls_are_tried_again_as_often_as_said(stack: Stack) -> None:
    name = function(stack)
    stack.make("Lambda::EventInvokeConfig", FunctionName=name, Qualifier="$LATEST", MaximumRetryAttempts="0")
    stack.change(MaximumRetryAttempts=1)
    client = stack.client("lambda")
    assert client.get_function_event_invoke_config(FunctionName=name)["MaximumRetryAttempts"] == 1
    stack.remove()
    with pytest.raises(ClientError, match="ResourceNotFound"):
        client.get_function_event_invoke_config(FunctionName=name)
