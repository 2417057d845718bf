"""Creation, update, rollback and deletion of whole stacks."""

import pytest

from mlplatform.local.aws.stacks.errors import ValidationError
from tests.local.aws.stacks.recorded import Cloud, parameter


@pytest.mark.parametrize(
    ("policy", "asked"),
    [("Delete", ["delete A"]), ("Snapshot", ["snapshot A", "delete A"]), ("Retain", []), ("RetainExceptOnCreate", [])],
)
def test_a_deletion_policy_decides_what_becomes_of_a_resource(cloud: Cloud, policy: str, asked: list[str]) -> None:
    cloud.create({"A": parameter(DeletionPolicy=policy)})
    cloud.recorded.asked.clear()

    stack = cloud.delete()

    assert stack.status == "DELETE_COMPLETE"
    assert cloud.recorded.asked == asked


@pytest.mark.parametrize(("policy", "alive"), [("Retain", 1), ("RetainExceptOnCreate", 0), ("Delete", 0)])
def test_a_rolled_back_creation_retains_only_what_says_retain(cloud: Cloud, policy: str, alive: int) -> None:
    cloud.recorded.refused = {"create B"}

    cloud.create({"A": parameter(DeletionPolicy=policy), "B": parameter(DependsOn="A")})

    assert len(cloud.recorded.alive) == alive


def test_the_policy_for_replacements_keeps_the_replaced_resource(cloud: Cloud) -> None:
    cloud.create({"A": parameter(Name="old", UpdateReplacePolicy="Retain")})

    cloud.update({"A": parameter(Name="new", UpdateReplacePolicy="Retain")})

    assert {properties["Name"] for properties in cloud.recorded.alive.values()} == {"old", "new"}


def test_a_changed_policy_alone_is_kept_for_the_deletion(cloud: Cloud) -> None:
    cloud.create({"A": parameter()})
    cloud.update({"A": parameter(DeletionPolicy="Retain")})

    cloud.delete()

    assert cloud.recorded.asked == ["create A"]


def test_a_failed_deletion_can_be_repeated_or_forced_by_retaining(cloud: Cloud) -> None:
    cloud.create({"A": parameter(), "B": parameter()})
    cloud.recorded.refused = {"delete A"}
    stack = cloud.delete()
    assert stack.status == "DELETE_FAILED"
    assert list(stack.resources) == ["A"]

    assert cloud.delete(retain=["A"]).status == "DELETE_COMPLETE"
    assert len(cloud.recorded.alive) == 1


def test_a_protected_stack_is_not_deleted(cloud: Cloud) -> None:
    cloud.create({"A": parameter()}).protected = True

    with pytest.raises(ValidationError, match="cannot be deleted while TerminationProtection is enabled"):
        cloud.delete()
