import json

import pytest

from mlplatform.ops.console import table


def test_a_table_shows_the_named_columns_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    table([{"stack": "a-network", "resources": 55, "hidden": 1}], "stack", "resources")
    assert capsys.readouterr().out.split() == ["stack", "resources", "a-network", "55"]


def test_json_has_everything_that_the_rows_hold(capsys: pytest.CaptureFixture[str]) -> None:
    table([{"stack": "a-network", "hidden": 1}], "stack", json_instead=True)
    assert json.loads(capsys.readouterr().out) == [{"stack": "a-network", "hidden": 1}]


def test_a_missing_value_is_a_dash_and_a_truth_is_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    table([{"a": None, "b": True}], "a", "b")
    assert capsys.readouterr().out.split() == ["a", "b", "-", "yes"]


def test_output_that_is_no_terminal_has_no_colours(capsys: pytest.CaptureFixture[str]) -> None:
    table([{"a": "x"}], "a")
    assert "\x1b[" not in capsys.readouterr().out
