"""What a template's values resolve to."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from mlplatform.local.aws.resources.contract import Applied
from mlplatform.local.aws.stacks.errors import NotPlayedError, ValidationError
from mlplatform.local.aws.stacks.intrinsics import Scope, UnknownError
from mlplatform.local.aws.stacks.template import parse

BUCKET = Applied("bucket-1", {"Arn": "arn:aws-cn:s3:::bucket-1", "Nested.Name": "n"})


def scope(**sections: Any) -> Scope:
    resources = {"Bucket": {"Type": "AWS::S3::Bucket"}, "Later": {"Type": "AWS::S3::Bucket"}}
    template = parse(json.dumps({"Resources": resources, **sections}))
    parameters: Mapping[str, Any] = {
        "Stage": "prod",
        "Names": ["a", "b"],
        "AWS::Region": "cn-north-1",
        "AWS::URLSuffix": "amazonaws.com.cn",
    }
    zones = ["cn-north-1a", "cn-north-1b", "cn-north-1d"]
    return Scope(template, parameters, {"Bucket": BUCKET}, lambda name: f"imported {name}", lambda _: zones)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Ref": "Stage"}, "prod"),
        ({"Ref": "Bucket"}, "bucket-1"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws-cn:s3:::bucket-1"),
        ({"Fn::GetAtt": "Bucket.Nested.Name"}, "n"),
        (
            {"Fn::Sub": "${Bucket}/${Bucket.Arn}/${AWS::URLSuffix}/${!literal}"},
            "bucket-1/arn:aws-cn:s3:::bucket-1/amazonaws.com.cn/${literal}",
        ),
        ({"Fn::Sub": ["${x}-${Stage}", {"x": {"Ref": "Bucket"}}]}, "bucket-1-prod"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 1, True]]}, "a-prod-1-true"),
        ({"Fn::Join": [",", {"Ref": "Names"}]}, "a,b"),
        ({"Fn::Select": ["1", {"Fn::Split": ["/", "a/b/c"]}]}, "b"),
        ({"Fn::Select": [2, {"Fn::GetAZs": ""}]}, "cn-north-1d"),
        ({"Fn::Base64": "text"}, "dGV4dA=="),
        ({"Fn::Cidr": ["10.0.0.0/16", 3, 12]}, ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"]),
        ({"Fn::ImportValue": {"Fn::Sub": "${Stage}:vpc"}}, "imported prod:vpc"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "db"]}, "large"),
        ({"Fn::If": ["IsProd", "yes", "no"]}, "yes"),
        (
            {"Statement": [{"Condition": {"Bool": {"aws:SecureTransport": "false"}}}]},
            {"Statement": [{"Condition": {"Bool": {"aws:SecureTransport": "false"}}}]},
        ),
    ],
)
def test_a_function_resolves(expression: Any, value: Any) -> None:
    sections = {"Mappings": {"Sizes": {"prod": {"db": "large"}}}, "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}}

    assert scope(**sections).resolve({"x": expression}) == {"x": value}


def test_no_value_removes_the_key_or_the_item_that_holds_it() -> None:
    node = {"kept": 1, "gone": {"Ref": "AWS::NoValue"}, "list": ["a", {"Fn::If": ["Never", "b", {"Ref": "AWS::NoValue"}]}]}

    assert scope(Conditions={"Never": {"Fn::Equals": ["a", "b"]}}).resolve(node) == {"kept": 1, "list": ["a"]}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::And": [{"Condition": "Yes"}, {"Fn::Not": [{"Condition": "No"}]}]}, True),
        ({"Fn::Or": [{"Condition": "No"}, {"Condition": "No"}]}, False),
        ({"Fn::Equals": [True, "true"]}, True),
    ],
)
def test_conditions_build_on_each_other(condition: Any, *, holds: bool) -> None:
    conditions = {"Yes": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, "No": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}, "Asked": condition}

    assert scope(Conditions=conditions).holds("Asked") is holds


def test_a_resource_that_does_not_exist_yet_has_no_value() -> None:
    with pytest.raises(UnknownError, match="Later"):
        scope().resolve({"Fn::Sub": "${Later.Arn}"})


def test_an_attribute_that_is_not_played_names_those_that_are() -> None:
    with pytest.raises(ValidationError, match=r"Requested attribute Invented does not exist .* plays: Arn, Nested\.Name"):
        scope().resolve({"Fn::GetAtt": ["Bucket", "Invented"]})


def test_a_function_that_is_not_played_is_named() -> None:
    with pytest.raises(NotPlayedError, match="Fn::GetStackOutput"):
        scope().resolve({"Fn::GetStackOutput": {}})


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ({"Fn::Select": [3, ["a"]]}, "cannot select nonexistent value at index 3"),
        ({"Fn::FindInMap": ["Sizes", "dev", "db"]}, "Unable to get mapping for Sizes::dev::db"),
        ({"Fn::Cidr": ["10.0.0.0/24", 5, 7]}, "cannot cut 5 blocks of 7 host bits"),
        ({"Fn::Join": ["", [{"a": 1}]]}, "must resolve to a string"),
        ({"Fn::Join": ["", "text"]}, "a list is needed here"),
    ],
)
def test_a_wrong_argument_is_refused_in_words(expression: Any, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        scope(Mappings={"Sizes": {"prod": {"db": "large"}}}).resolve(expression)
