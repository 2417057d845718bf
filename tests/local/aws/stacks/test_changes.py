"""Change sets: what they promise is what an update does."""

import json
from typing import Any

import pytest

from mlplatform.local.aws.stacks import requests
from mlplatform.local.aws.stacks.errors import (
    AlreadyExistsError,
    ChangeSetNotFoundError,
    InvalidChangeSetStatusError,
    NotPlayedError,
    ValidationError,
)
from mlplatform.local.aws.stacks.state import ChangeSet
from tests.local.aws.stacks.recorded import Cloud, parameter, wish


def change_set(cloud: Cloud, resources: dict[str, Any], *, type_: str = "UPDATE", name: str = "c", **rest: Any) -> ChangeSet:
    return requests.create_change_set(cloud.region, "s", name, wish(resources, **rest), type_=type_, description=None)


def execute(cloud: Cloud, **rest: Any) -> None:
    requests.execute_change_set(cloud.region, "c", "s", disable_rollback=rest.get("disable_rollback"), token=None)
    cloud.region.wait(cloud.region.stacks.values(), 10)


def test_a_stack_is_under_review_until_its_first_change_set_is_executed(cloud: Cloud) -> None:
    made = change_set(cloud, {"A": parameter()}, type_="CREATE")
    stack = cloud.region.find("s")
    assert (stack.status, made.changes) == (
        "REVIEW_IN_PROGRESS",
        [{"Action": "Add", "LogicalResourceId": "A", "ResourceType": "AWS::SSM::Parameter", "Scope": [], "Details": []}],
    )
    assert not stack.resources

    execute(cloud)

    assert stack.status == "CREATE_COMPLETE"
    assert made.execution_status == "EXECUTE_COMPLETE"


def test_details_name_each_changed_property_and_what_its_change_does(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1", Name="old"), "B": parameter("1"), "C": parameter("1"), "D": parameter({"Ref": "A"})})

    made = change_set(cloud, {"A": parameter("2", Name="new"), "B": parameter("2"), "D": parameter({"Ref": "A"}), "E": parameter()})

    found = {change["LogicalResourceId"]: change for change in made.changes}
    assert {name: (change["Action"], change.get("Replacement")) for name, change in found.items()} == {
        "A": ("Modify", "True"),
        "B": ("Modify", "False"),
        "C": ("Remove", None),
        "D": ("Modify", "False"),
        "E": ("Add", None),
    }
    assert [(d["Target"]["Name"], d["Target"]["RequiresRecreation"], d["Evaluation"]) for d in found["A"]["Details"]] == [
        ("Name", "Always", "Static"),
        ("Value", "Never", "Static"),
    ]
    # D's own template did not change: it sees another id once A is replaced.
    assert [(d["Target"]["Name"], d["Evaluation"]) for d in found["D"]["Details"]] == [("Value", "Dynamic")]


def test_a_change_set_without_a_change_says_so_in_the_words_that_the_cli_looks_for(cloud: Cloud) -> None:
    cloud.create({"A": parameter()})

    made = change_set(cloud, {"A": parameter()})

    assert (made.status, made.execution_status) == ("FAILED", "UNAVAILABLE")
    assert made.reason == "The submitted information didn't contain changes. Submit different information to create a change set."
    with pytest.raises(InvalidChangeSetStatusError):
        execute(cloud)


def test_changed_outputs_alone_are_a_change(cloud: Cloud) -> None:
    cloud.create({"A": parameter()})

    made = change_set(cloud, {"A": parameter()}, Outputs={"O": {"Value": {"Ref": "A"}}})
    assert (made.status, made.changes) == ("CREATE_COMPLETE", [])
    execute(cloud)

    assert cloud.region.find("s").outputs[0].value == "A-0"


def test_changed_metadata_alone_is_shown_and_touches_nothing(cloud: Cloud) -> None:
    cloud.create({"A": parameter()})

    made = change_set(cloud, {"A": parameter(Metadata={"aws:cdk:path": "x"})})
    assert made.changes[0]["Scope"] == ["Metadata"]
    execute(cloud)

    assert cloud.recorded.asked == ["create A"]
    assert cloud.region.find("s").status == "UPDATE_COMPLETE"


def test_a_failed_update_is_a_change_even_with_the_same_template(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1")})
    cloud.recorded.refused = {"update A"}
    cloud.update({"A": parameter("2")}, on_failure="DO_NOTHING")

    assert change_set(cloud, {"A": parameter("2")}).status == "CREATE_COMPLETE"


def test_executing_one_change_set_voids_the_others(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1")})
    change_set(cloud, {"A": parameter("2")})
    change_set(cloud, {"A": parameter("3")}, name="other")

    execute(cloud)

    with pytest.raises(ChangeSetNotFoundError, match=r"ChangeSet \[other\] does not exist"):
        requests.find_change_set(cloud.region, "other", "s")


def test_a_name_is_taken_until_the_change_set_is_deleted(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1")})
    change_set(cloud, {"A": parameter("2")})
    with pytest.raises(AlreadyExistsError):
        change_set(cloud, {"A": parameter("3")})

    requests.delete_change_set(cloud.region, "c", "s")

    assert change_set(cloud, {"A": parameter("3")}).status == "CREATE_COMPLETE"


def test_a_change_set_can_be_executed_without_rollback(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1")})
    change_set(cloud, {"A": parameter("2")})
    cloud.recorded.refused = {"update A"}

    execute(cloud, disable_rollback=True)

    assert cloud.region.find("s").status == "UPDATE_FAILED"


def test_everything_that_is_not_played_is_named_before_anything_is_made(cloud: Cloud) -> None:
    cloud.recorded.properties = frozenset({"Type", "Value"})
    resources = {"A": parameter(Tier="Advanced"), "Z": {"Type": "AWS::Route53::HostedZone"}}

    with pytest.raises(NotPlayedError) as refusal:
        change_set(cloud, resources, type_="CREATE")

    assert refusal.value.message == (
        "the local AWS does not play the property Tier of AWS::SSM::Parameter (A); the resource type AWS::Route53::HostedZone (Z)"
    )
    assert not cloud.region.stacks
    assert not cloud.recorded.asked


def test_a_property_that_a_condition_leaves_out_need_not_be_played(cloud: Cloud) -> None:
    cloud.recorded.properties = frozenset({"Type", "Value"})
    tier = {"Fn::If": ["Never", "Advanced", {"Ref": "AWS::NoValue"}]}

    stack = cloud.create({"A": parameter(Tier=tier)}, Conditions={"Never": {"Fn::Equals": ["a", "b"]}})

    assert stack.status == "CREATE_COMPLETE"


def test_a_type_that_the_region_has_not_is_unrecognized(cloud: Cloud) -> None:
    with pytest.raises(
        ValidationError, match=r"Unrecognized resource types: \[AWS::ECR::PublicRepository\] \(A: cn-north-1 has no such type\)"
    ):
        cloud.create({"A": {"Type": "AWS::ECR::PublicRepository"}})


def test_a_rule_of_the_template_is_asserted(cloud: Cloud) -> None:
    old = {"Fn::Contains": [["1", "2", "3"], {"Ref": "Version"}]}
    sections: dict[str, Any] = {
        "Parameters": {"Version": {"Type": "String", "Default": "2"}},
        "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [old]}, "AssertDescription": "Bootstrap again"}]}},
    }

    with pytest.raises(ValidationError, match="Template validation error: Bootstrap again"):
        cloud.create({"A": parameter()}, **sections)


def test_the_type_of_a_resource_cannot_change(cloud: Cloud) -> None:
    cloud.create({"A": parameter()})

    with pytest.raises(ValidationError, match=r"Update of resource type is not permitted.*\[A\]"):
        cloud.update({"A": {"Type": "AWS::S3::Bucket"}})


def test_values_before_and_after_are_json(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1")})

    change = change_set(cloud, {"A": parameter("2")}).changes[0]

    assert json.loads(change["BeforeContext"])["Properties"]["Value"] == "1"
    assert json.loads(change["AfterContext"])["Properties"]["Value"] == "2"
