"""Parameters, as Systems Manager shows them."""

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.resources.making import Stack, as_map


def test_a_parameter_is_put_changed_and_removed(stack: Stack) -> None:
    name = f"/{stack.name}/version"
    made = stack.make("SSM::Parameter", Name=name, Type="String", Value="33", Tags={"a": "b"})
    assert made.physical_id == name
    stack.change(Value="34", Description="d", Tags={"c": "d"})
    ssm = stack.client("ssm")
    assert ssm.get_parameter(Name=name)["Parameter"]["Value"] == "34"
    assert as_map(ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]) == {"team": "ml", "c": "d"}
    stack.remove()
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name=name)


def test_a_parameter_without_a_name_gets_one(stack: Stack) -> None:
    made = stack.make("SSM::Parameter", "Barrier", Type="String", Value="aws:cdk:eks:kubectl-ready")
    assert made.physical_id.startswith(f"CFN-{stack.name}-Barrier-")
    assert stack.client("ssm").get_parameter(Name=made.physical_id)["Parameter"]["Value"] == "aws:cdk:eks:kubectl-ready"


def test_a_parameter_that_exists_is_not_taken_over(stack: Stack) -> None:
    stack.make("SSM::Parameter", "First", Name=f"/{stack.name}/x", Type="String", Value="1")
    with pytest.raises(ClientError, match="ParameterAlreadyExists"):
        stack.make("SSM::Parameter", "Second", Name=f"/{stack.name}/x", Type="String", Value="2")
