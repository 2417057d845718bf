"""Parameters: given, kept, default, looked up, refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from mlplatform.local.aws.stacks.errors import ValidationError
from mlplatform.local.aws.stacks.parameters import Parameter, settle


def ssm(name: str) -> str:
    return {"/cdk/version": "33", "/zones": "a, b"}[name]


def one(body: Mapping[str, Any], *requested: Mapping[str, Any], previous: Mapping[str, Parameter] | None = None) -> Parameter:
    return settle({"P": body}, requested, previous or {}, ssm)["P"]


def test_the_default_counts_where_nothing_is_given() -> None:
    assert one({"Type": "String", "Default": "d"}).value == "d"
    assert one({"Type": "String", "Default": "d"}, {"ParameterKey": "P", "ParameterValue": "g"}).value == "g"


def test_lists_are_split() -> None:
    assert one({"Type": "CommaDelimitedList", "Default": "a, b,c"}).value == ["a", "b", "c"]


def test_a_parameter_of_ssm_keeps_its_name_for_the_next_update() -> None:
    body = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk/version"}
    first = one(body)
    again = one(body, {"ParameterKey": "P", "UsePreviousValue": True}, previous={"P": first})

    assert (first.given, first.value) == ("/cdk/version", "33")
    assert again == first
    assert first.described("P") == {"ParameterKey": "P", "ParameterValue": "/cdk/version", "ResolvedValue": "33"}


def test_a_list_in_ssm_is_split() -> None:
    assert one({"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/zones"}).value == ["a", "b"]


def test_a_hidden_value_is_not_shown() -> None:
    assert one({"Type": "String", "Default": "s", "NoEcho": True}).described("P")["ParameterValue"] == "****"


@pytest.mark.parametrize(
    ("body", "requested", "complaint"),
    [
        ({"Type": "String"}, [], r"Parameters: \[P\] must have values"),
        ({"Type": "String", "Default": ""}, [{"ParameterKey": "Q", "ParameterValue": ""}], r"\[Q\] do not exist in the template"),
        ({"Type": "String"}, [{"ParameterKey": "P", "UsePreviousValue": True}], "Cannot specify usePreviousValue"),
        ({"Type": "String", "Default": "c", "AllowedValues": ["a", "b"]}, [], r"'P' must be one of AllowedValues \[a, b\]"),
        ({"Type": "String", "Default": "c!", "AllowedPattern": "[a-z]+"}, [], r"must match pattern \[a-z\]\+"),
        (
            {"Type": "String", "Default": "c!", "AllowedPattern": "[a-z]+", "ConstraintDescription": "only letters"},
            [],
            "constraint: only letters",
        ),
        ({"Type": "Number", "Default": "many"}, [], "'P' must be a number"),
        ({"Type": "Number", "Default": 11, "MaxValue": 10}, [], "'P' must be between"),
        ({"Type": "String", "Default": "abc", "MaxLength": 2}, [], "must have between 0 and 2 characters, has 3"),
    ],
)
def test_a_wrong_value_is_refused_in_words(body: Mapping[str, Any], requested: list[Mapping[str, Any]], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        one(body, *requested)
