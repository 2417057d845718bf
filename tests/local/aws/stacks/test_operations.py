"""Creation, update, rollback and deletion of whole stacks."""

import itertools
from typing import Any

import pytest

from mlplatform.local.aws.stacks import requests
from mlplatform.local.aws.stacks.errors import ValidationError
from tests.local.aws.stacks.recorded import Cloud, parameter, statuses, wish


def test_a_resource_is_made_after_all_that_it_refers_to_and_removed_before_it(cloud: Cloud) -> None:
    resources = {
        "C": parameter({"Fn::Sub": "x-${B.Arn}"}),
        "B": parameter({"Ref": "A"}),
        "A": parameter(),
        "D": parameter(DependsOn=["C"]),
    }

    stack = cloud.create(resources)
    assert stack.status == "CREATE_COMPLETE"
    assert cloud.recorded.asked == ["create A", "create B", "create C", "create D"]
    assert stack.resources["C"].properties["Value"] == "x-arn:aws-cn:test:B-1"

    cloud.delete()
    assert cloud.recorded.asked[4:] == ["delete D", "delete C", "delete B", "delete A"]
    assert stack.status == "DELETE_COMPLETE"
    assert not cloud.recorded.alive


def test_what_nothing_orders_is_made_in_an_order_that_the_seed_decides(cloud: Cloud) -> None:
    resources = {name: parameter() for name in "ABCDEFGH"}
    cloud.create(resources, "first")
    first = list(cloud.recorded.asked)
    cloud.recorded.asked.clear()
    cloud.create(resources, "second")

    assert sorted(first) == sorted(cloud.recorded.asked)
    assert first != cloud.recorded.asked
    assert first != [f"create {name}" for name in "ABCDEFGH"]


def test_a_failed_creation_is_rolled_back_with_the_reason_in_its_events(cloud: Cloud) -> None:
    cloud.recorded.refused = {"create B"}

    stack = cloud.create({"A": parameter(), "B": parameter(DependsOn="A")})

    assert statuses(stack) == ["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]
    assert [event.reason for event in stack.events if event.status == "CREATE_FAILED"] == ["B does not like it"]
    assert not cloud.recorded.alive
    with pytest.raises(ValidationError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        cloud.update({"A": parameter()})


def test_a_creation_without_rollback_keeps_what_was_made_and_goes_on_from_there(cloud: Cloud) -> None:
    resources = {"A": parameter(), "B": parameter(DependsOn="A")}
    cloud.recorded.refused = {"create B"}
    assert cloud.create(resources, on_failure="DO_NOTHING").status == "CREATE_FAILED"

    stack = cloud.update(resources)

    assert stack.status == "UPDATE_COMPLETE"
    assert cloud.recorded.asked == ["create A", "create B", "create B"]


def test_a_creation_without_rollback_can_be_rolled_back_later(cloud: Cloud) -> None:
    cloud.recorded.refused = {"create B"}
    cloud.create({"A": parameter(), "B": parameter(DependsOn="A")}, on_failure="DO_NOTHING")

    assert cloud.roll_back().status == "ROLLBACK_COMPLETE"
    assert not cloud.recorded.alive


def test_a_failed_creation_with_on_failure_delete_leaves_no_stack(cloud: Cloud) -> None:
    cloud.recorded.refused = {"create A"}

    stack = cloud.create({"A": parameter()}, on_failure="DELETE")

    assert stack.status == "DELETE_COMPLETE"
    assert "s" not in cloud.region.stacks


def test_an_update_touches_only_what_differs(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1"), "B": parameter("1"), "C": parameter("1")})
    cloud.recorded.asked.clear()

    stack = cloud.update({"A": parameter("1"), "B": parameter("2"), "D": parameter("1")})

    assert stack.status == "UPDATE_COMPLETE"
    assert stack.updated
    assert stack.updated > stack.created
    assert set(cloud.recorded.asked) == {"update B", "create D", "delete C"}
    assert cloud.recorded.asked[-1] == "delete C"


def test_a_changed_value_reaches_the_resources_that_refer_to_it(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1"), "B": parameter({"Fn::GetAtt": ["A", "Value"]})})
    cloud.recorded.asked.clear()

    cloud.update({"A": parameter("2"), "B": parameter({"Fn::GetAtt": ["A", "Value"]})})

    assert cloud.recorded.asked == ["update A", "update B"]


def test_an_update_without_a_change_is_refused(cloud: Cloud) -> None:
    cloud.create({"A": parameter()})

    with pytest.raises(ValidationError, match=r"No updates are to be performed\."):
        cloud.update({"A": parameter()})


def test_a_changed_stack_tag_reaches_every_resource_that_takes_tags(cloud: Cloud) -> None:
    cloud.create({"A": parameter()}, tags={"stage": "dev"})

    stack = cloud.update({"A": parameter()}, tags={"stage": "prod"})

    assert cloud.recorded.asked == ["create A", "update A"]
    assert stack.resources["A"].tags == {"stage": "prod"}


def test_a_failed_update_gives_every_resource_its_old_properties_again(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1"), "B": parameter("1", DependsOn="A")})
    cloud.recorded.asked.clear()
    cloud.recorded.refused = {"update B"}

    stack = cloud.update({"A": parameter("2"), "B": parameter("2", DependsOn=["A", "N"]), "N": parameter()})

    assert statuses(stack)[-4:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert {properties["Value"] for properties in cloud.recorded.alive.values()} == {"1"}
    # B failed, and may have been changed by half: it gets its old properties again as well.
    assert cloud.recorded.asked[-3:] == ["update A", "update B", "delete N"]
    assert "N" not in stack.resources


def test_a_failed_update_without_rollback_is_fixed_forward(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1"), "B": parameter("1", DependsOn="A")})
    cloud.recorded.refused = {"update B"}
    changed = {"A": parameter("2"), "B": parameter("2", DependsOn="A")}
    assert cloud.update(changed, on_failure="DO_NOTHING").status == "UPDATE_FAILED"
    cloud.recorded.asked.clear()

    stack = cloud.update(changed)

    assert stack.status == "UPDATE_COMPLETE"
    assert cloud.recorded.asked == ["update B"]


def test_a_failed_update_without_rollback_can_be_rolled_back_to_the_last_whole_state(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1"), "B": parameter("1", DependsOn="A")})
    cloud.recorded.refused = {"update B"}
    cloud.update({"A": parameter("2"), "B": parameter("2", DependsOn="A")}, on_failure="DO_NOTHING")

    assert cloud.roll_back().status == "UPDATE_ROLLBACK_COMPLETE"
    assert {properties["Value"] for properties in cloud.recorded.alive.values()} == {"1"}


def test_a_failed_rollback_can_be_continued_without_the_resource_that_failed(cloud: Cloud) -> None:
    cloud.create({"A": parameter("1"), "B": parameter("1", DependsOn="A")})
    cloud.recorded.refused = {"update B"}
    cloud.update({"A": parameter("2"), "B": parameter("2", DependsOn="A")}, on_failure="DO_NOTHING")
    cloud.recorded.refused = {"update A"}
    assert cloud.roll_back().status == "UPDATE_ROLLBACK_FAILED"

    stack = cloud.roll_back(skip=["A"], again=True)

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_create_only_property_replaces_the_resource_and_the_old_one_goes_last(cloud: Cloud) -> None:
    cloud.create({"A": parameter(Name="old"), "B": parameter({"Ref": "A"})})
    cloud.recorded.asked.clear()

    stack = cloud.update({"A": parameter(Name="new"), "B": parameter({"Ref": "A"})})

    assert cloud.recorded.asked == ["create A", "update B", "delete A"]
    assert stack.resources["B"].properties["Value"] == stack.resources["A"].applied.physical_id
    assert len(cloud.recorded.alive) == 2
    assert "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" in statuses(stack)


def test_a_replacement_that_is_rolled_back_leaves_the_old_resource(cloud: Cloud) -> None:
    first = cloud.create({"A": parameter(Name="old"), "B": parameter(DependsOn="A")})
    old = first.resources["A"].applied.physical_id
    cloud.recorded.refused = {"update B"}

    stack = cloud.update({"A": parameter(Name="new"), "B": parameter("2", DependsOn="A")})

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["A"].applied.physical_id == old
    assert old in cloud.recorded.alive
    assert len(cloud.recorded.alive) == 2


def test_a_named_resource_is_not_replaced_but_refused(cloud: Cloud) -> None:
    def table(source: int) -> dict[str, Any]:
        return {
            "T": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "fixed", "ImportSourceSpecification": {"Number": source}}}
        }

    cloud.create(table(1))

    stack = cloud.update(table(2))

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [event.reason for event in stack.events if event.logical_id == "T" and event.status == "UPDATE_FAILED"]
    assert reasons == [
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename fixed and update the stack again."
    ]


def test_a_type_may_find_during_an_update_that_it_needs_a_replacement(cloud: Cloud) -> None:
    first = cloud.create({"A": parameter()}).resources["A"].applied.physical_id

    stack = cloud.update({"A": parameter(Description="replace me")})

    assert cloud.recorded.asked == ["create A", "update A", "create A", "delete A"]
    assert stack.resources["A"].applied.physical_id != first


def test_event_times_rise_and_every_operation_has_an_id_of_its_own(cloud: Cloud) -> None:
    cloud.create({name: parameter() for name in "ABC"})
    stack = cloud.update({name: parameter("2") for name in "ABC"})

    times = [event.time for event in stack.events]
    assert all(first < second for first, second in itertools.pairwise(times))
    assert len({event.operation_id for event in stack.events}) == 2


def test_conditions_decide_what_is_made_and_their_change_removes_it(cloud: Cloud) -> None:
    sections: dict[str, Any] = {
        "Parameters": {"Want": {"Type": "String", "Default": "yes"}},
        "Conditions": {"Wanted": {"Fn::Equals": [{"Ref": "Want"}, "yes"]}},
    }
    unwanted: dict[str, Any] = {"Parameters": {"Want": {"Type": "String", "Default": "no"}}, "Conditions": sections["Conditions"]}
    resources = {"A": parameter(), "B": parameter(Condition="Wanted")}
    assert set(cloud.create(resources, **sections).resources) == {"A", "B"}

    stack = cloud.update(resources, **unwanted)

    assert set(stack.resources) == {"A"}
    assert cloud.recorded.asked[-1] == "delete B"


def test_two_stacks_at_once_both_end_well(cloud: Cloud) -> None:
    stacks = [requests.create_stack(cloud.region, f"s{n}", wish({f"R{i}": parameter() for i in range(20)})) for n in range(8)]
    cloud.region.wait(stacks, 20)

    assert {stack.status for stack in stacks} == {"CREATE_COMPLETE"}
    assert len(cloud.recorded.alive) == 160
