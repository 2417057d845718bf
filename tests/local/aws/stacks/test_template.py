"""What is taken for a template, and what is said of what is not."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from mlplatform.local.aws.stacks.errors import NotPlayedError, ValidationError
from mlplatform.local.aws.stacks.references import in_order
from mlplatform.local.aws.stacks.template import parse

BOOTSTRAP = Path(__file__).parents[4] / "node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml"


def resource(**more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}, **more}


def test_the_bootstrap_template_of_the_cdk_cli_is_read() -> None:
    template = parse(BOOTSTRAP.read_text())

    assert template.resources["StagingBucket"].deletion_policy == "Retain"
    assert template.parameters["Qualifier"]["Default"] == "hnb659fds"
    assert template.uses_iam


def test_short_forms_of_yaml_are_read_as_their_long_forms() -> None:
    template = parse("""
AWSTemplateFormatVersion: 2010-09-09
Resources:
  A:
    Type: AWS::SSM::Parameter
    Properties:
      Value: !Sub "${AWS::Region}-${B.Value}"
      Name: !Join ["/", ["", !Ref B]]
      Description: !GetAtt B.Value
  B:
    Type: AWS::SSM::Parameter
""")

    assert template.resources["A"].properties == {
        "Value": {"Fn::Sub": "${AWS::Region}-${B.Value}"},
        "Name": {"Fn::Join": ["/", ["", {"Ref": "B"}]]},
        "Description": {"Fn::GetAtt": ["B", "Value"]},
    }


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({}, "At least one Resources member must be defined"),
        ({"Resources": {"A": {}}}, r"\[/Resources/A\] Every Resources object must contain a Type member"),
        ({"Resources": {"A-b": resource()}}, "Resource name A-b is non alphanumeric"),
        ({"Resources": {"A": resource()}, "Wrong": {}}, r"Invalid template property or properties \[Wrong\]"),
        ({"Resources": {"A": resource(DependsOn="B")}}, r"Unresolved resource dependencies \[B\] in the Resources block"),
        ({"Resources": {"A": resource(Properties={"Value": {"Fn::Sub": "${X.Arn}"}})}}, r"dependencies \[X\] in the Resources block"),
        ({"Resources": {"A": resource()}, "Outputs": {"O": {"Value": {"Ref": "X"}}}}, r"dependencies \[X\] in the Outputs block"),
        ({"Resources": {"A": resource(Condition="No")}}, "Unresolved condition dependency No in the template"),
        ({"Resources": {f"R{n}": resource() for n in range(501)}}, "Number of resources, 501, is greater than maximum allowed, 500"),
        ([], "unsupported structure"),
    ],
)
def test_a_broken_template_is_refused_in_cloudformations_words(document: Any, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        parse(json.dumps(document))


def test_text_that_is_neither_json_nor_yaml_is_refused() -> None:
    with pytest.raises(ValidationError, match="Template format error: unsupported structure"):
        parse("{ this is: [nothing")


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ({"Resources": {"A": resource()}, "Transform": "AWS::Serverless-2016-10-31"}, "the transform AWS::Serverless-2016-10-31"),
        ({"Resources": {"A": resource(CreationPolicy={})}}, "CreationPolicy of resource A"),
    ],
)
def test_what_is_not_played_is_named(document: Any, what: str) -> None:
    with pytest.raises(NotPlayedError, match=f"the local AWS does not play {what}"):
        parse(json.dumps(document))


def test_a_database_is_snapshotted_unless_the_template_says_otherwise() -> None:
    template = parse(
        json.dumps(
            {"Resources": {"D": {"Type": "AWS::RDS::DBInstance"}, "E": {"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Retain"}}}
        )
    )

    assert [template.resources[name].deletion_policy for name in "DE"] == ["Snapshot", "Retain"]


def test_resources_that_wait_for_each_other_are_refused_by_name() -> None:
    template = parse(json.dumps({"Resources": {"A": resource(DependsOn="B"), "B": resource(DependsOn="A"), "C": resource()}}))

    with pytest.raises(ValidationError, match=r"Circular dependency between resources: \[A, B\]"):
        in_order(template.resources)


def test_every_order_that_the_references_allow_comes_up() -> None:
    template = parse(json.dumps({"Resources": {"A": resource(), "B": resource(), "C": resource(DependsOn="A")}}))

    orders = {"".join(in_order(template.resources, random.Random(seed))) for seed in range(100)}  # noqa: S311 - no secret

    assert orders == {"ABC", "ACB", "BAC"}
