"""Exports: what one stack gives and another uses."""

from typing import Any

import pytest

from mlplatform.local.aws.stacks.errors import ValidationError
from tests.local.aws.stacks.recorded import Cloud, parameter


def exporting(value: Any = None, name: str = "vpc") -> dict[str, Any]:
    return {"Outputs": {"O": {"Value": value or {"Ref": "A"}, "Export": {"Name": name}}}}


@pytest.fixture
def used(cloud: Cloud) -> Cloud:
    cloud.create({"A": parameter()}, "giver", **exporting())
    cloud.create({"B": parameter({"Fn::ImportValue": "vpc"})}, "taker")
    return cloud


def test_an_import_is_the_exporting_stacks_value(used: Cloud) -> None:
    assert used.region.find("taker").resources["B"].properties["Value"] == "A-0"
    assert used.region.importers("vpc") == ["taker"]


def test_a_stack_is_not_deleted_while_another_imports_from_it(used: Cloud) -> None:
    with pytest.raises(ValidationError, match=r"Cannot delete export vpc as it is in use by taker\."):
        used.delete("giver")

    used.delete("taker")
    assert used.delete("giver").status == "DELETE_COMPLETE"


@pytest.mark.parametrize(("outputs", "verb"), [({}, "delete"), (exporting("other"), "update")])
def test_an_export_in_use_neither_goes_nor_changes(used: Cloud, outputs: dict[str, Any], verb: str) -> None:
    stack = used.update({"A": parameter()}, "giver", **outputs)

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any(event.reason == f"Cannot {verb} export vpc as it is in use by taker." for event in stack.events)
    assert [output.value for output in stack.outputs] == ["A-0"]


def test_an_export_is_free_again_when_its_import_is_gone(used: Cloud) -> None:
    used.update({"B": parameter("own")}, "taker")

    assert used.update({"A": parameter()}, "giver").status == "UPDATE_COMPLETE"
    assert not used.region.exports()


def test_two_stacks_cannot_export_the_same_name(used: Cloud) -> None:
    stack = used.create({"A": parameter()}, "second", **exporting())

    assert stack.status == "ROLLBACK_COMPLETE"
    assert any("Export with name vpc is already exported by stack giver" in (event.reason or "") for event in stack.events)


def test_an_import_of_nothing_fails_the_resource_that_wants_it(cloud: Cloud) -> None:
    with pytest.raises(ValidationError, match=r"No export named vpc found\."):
        cloud.create({"B": parameter({"Fn::ImportValue": "vpc"})})


def test_an_output_whose_condition_does_not_hold_is_left_out(cloud: Cloud) -> None:
    outputs = {"O": {"Value": "x", "Condition": "Never"}, "P": {"Value": "y"}}

    stack = cloud.create({"A": parameter()}, Conditions={"Never": {"Fn::Equals": ["a", "b"]}}, Outputs=outputs)

    assert [output.key for output in stack.outputs] == ["P"]
