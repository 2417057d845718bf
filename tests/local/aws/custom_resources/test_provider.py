"""Custom resources behind functions that are really called."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform.local.aws.custom_resources.provider import as_text

ClientOf = Callable[..., Any]

HANDLER = """
import json, logging, os, time

logging.getLogger().setLevel(logging.INFO)

def handler(event, context):
    properties = event["ResourceProperties"]
    logging.getLogger().info("%s %s", event["RequestType"], json.dumps(properties, sort_keys=True))
    if properties.get("Sleep"):
        time.sleep(float(properties["Sleep"]))
    if properties.get("Fail") == event["RequestType"]:
        raise RuntimeError("it does not want to " + event["RequestType"].lower())
    if properties.get("Exit"):
        os._exit(3)
    return {"PhysicalResourceId": properties.get("Id"), "Data": {"Said": properties.get("Say"), "Role": os.environ["AWS_LAMBDA_FUNCTION_NAME"]}}
"""


@pytest.fixture
def token(client: ClientOf, name: str) -> str:
    """Publish a handler behind a function that looks like CDK's provider framework, and return that one's ARN."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", HANDLER)
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

    def function(suffix: str, **variables: str) -> str:
        made = client("lambda").create_function(
            FunctionName=f"{name}-{suffix}",
            Role=role,
            Runtime="python3.13",
            Handler="index.handler",
            Code={"ZipFile": packed.getvalue()},
            Environment={"Variables": variables},
            Timeout=3,
        )
        return str(made["FunctionArn"])

    return function("framework", USER_ON_EVENT_FUNCTION_ARN=function("handler"))


def deploy(client: ClientOf, name: str, token: str, **properties: Any) -> dict[str, Any]:
    resource = {"Type": "Custom::Test", "Properties": {"ServiceToken": token, **properties}}
    text = json.dumps(
        {"Resources": {"R": resource}, "Outputs": {"Said": {"Value": {"Fn::GetAtt": ["R", "Said"]}}, "Id": {"Value": {"Ref": "R"}}}}
    )
    cloudformation = client("cloudformation")
    exists = any(stack["StackName"] == name for stack in cloudformation.describe_stacks()["Stacks"])
    (cloudformation.update_stack if exists else cloudformation.create_stack)(StackName=name, TemplateBody=text)
    return rest(client, name)


def rest(client: ClientOf, name: str) -> dict[str, Any]:
    while True:
        stack: dict[str, Any] = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack


def outputs(stack: dict[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def logged(client: ClientOf, name: str) -> list[str]:
    events = client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}-handler")["events"]
    return [event["message"].removeprefix("[INFO] ") for event in events]


def test_a_handler_is_called_for_each_step_of_a_resources_life(client: ClientOf, name: str, token: str) -> None:
    assert outputs(deploy(client, name, token, Say="one", Id="a")) == {"Said": "one", "Id": "a"}
    assert outputs(deploy(client, name, token, Say="two", Id="a")) == {"Said": "two", "Id": "a"}
    id_ = rest(client, name)["StackId"]
    client("cloudformation").delete_stack(StackName=name)
    assert rest(client, id_)["StackStatus"] == "DELETE_COMPLETE"

    assert [line.split()[0] for line in logged(client, name)] == ["Create", "Update", "Delete"]


def test_another_physical_id_replaces_the_resource_and_deletes_the_old_one(client: ClientOf, name: str, token: str) -> None:
    deploy(client, name, token, Say="one", Id="a")

    assert outputs(deploy(client, name, token, Say="one", Id="b"))["Id"] == "b"

    assert [(line.split()[0], '"Id": "a"' in line) for line in logged(client, name)] == [
        ("Create", True),
        ("Update", False),
        ("Delete", True),
    ]


def test_a_failed_creation_is_not_deleted_and_quotes_the_handler(client: ClientOf, name: str, token: str) -> None:
    stack = deploy(client, name, token, Fail="Create")

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    reason = next(event["ResourceStatusReason"] for event in events if event["ResourceStatus"] == "CREATE_FAILED")
    assert reason.startswith("Received response status [FAILED] from custom resource. Message returned: Error: it does not want to create")
    assert f"Logs: /aws/lambda/{name}-handler" in reason
    assert len([line for line in logged(client, name) if line.startswith(("Create", "Delete"))]) == 1


def test_a_failed_update_gives_the_handler_the_old_properties_again(client: ClientOf, name: str, token: str) -> None:
    deploy(client, name, token, Say="one", Id="a")

    stack = deploy(client, name, token, Say="two", Id="a", Fail="Update")

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    updates = [json.loads(line.removeprefix("Update ")) for line in logged(client, name) if line.startswith("Update ")]
    assert [update["Say"] for update in updates] == ["two", "one"]


def test_a_handler_that_ends_without_an_answer_or_in_time_fails(client: ClientOf, name: str, token: str) -> None:
    for number, (properties, reason) in enumerate(
        [({"Exit": "1"}, "Error: Runtime exited"), ({"Sleep": "20"}, "Task timed out after 3.00 seconds")]
    ):
        stack = deploy(client, f"{name}-{number}", token, **properties)
        events = client("cloudformation").describe_stack_events(StackName=f"{name}-{number}")["StackEvents"]
        assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
        assert any(reason in event.get("ResourceStatusReason", "") for event in events)


def test_a_function_that_is_not_behind_cdks_framework_is_not_played(client: ClientOf, name: str, token: str) -> None:
    deploy(client, name, token.replace("-framework", "-handler"))

    events = client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    reason = next(event["ResourceStatusReason"] for event in events if event["ResourceStatus"] == "CREATE_FAILED")
    assert "the local AWS does not play the custom resource Custom::Test" in reason


def test_a_handler_gets_every_scalar_as_text() -> None:
    properties = {"Wait": True, "Count": 3, "Off": False, "Nothing": None, "List": [1, {"Deep": True}], "Text": "x"}

    assert as_text(properties) == {"Wait": "true", "Count": "3", "Off": "false", "List": ["1", {"Deep": "true"}], "Text": "x"}
