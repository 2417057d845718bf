"""`mlp conformance`."""

import json
from operator import attrgetter
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.manifests.conformance import compared
from mlplatform.manifests.conformance.compare import Comparison, stale
from mlplatform.manifests.conformance.reason import Component, Difference, FromChart
from mlplatform.manifests.conformance.reasons import COMPONENTS
from mlplatform.manifests.conformance.row import Row
from mlplatform.ops import conformance_command
from mlplatform.ops.conformance_charts import Charts, charts

ROW = Row("dex", "Deployment auth/dex", "same")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(conformance_command.conformance, list(arguments))


def finding(monkeypatch: pytest.MonkeyPatch, **rows: list[Row]) -> None:
    """Have environments compare as rows, by the environment's name with underscores."""

    def instead(settings: Settings, _: Any) -> Comparison:
        return Comparison(settings.name, rows[settings.name.replace("-", "_")])

    monkeypatch.setattr(conformance_command, "compared", instead)


def test_each_object_has_a_row_and_totals_come_last() -> None:
    result = run("dex", "--env", "china-dev")
    assert result.exit_code == 0
    assert "Deployment auth/dex" in result.stdout
    *_, header, dex, total, last = result.stdout.splitlines()
    assert header.split() == ["component", "upstream", "same", "changed", "left_out", "added", "unaccounted", "accounted"]
    assert dex.split()[:2] == ["dex", "13"]
    assert total.split()[0] == "total"
    assert total.split()[-3:] == ["0", "100", "%"]
    assert last == "Upstream is kubeflow-26.03.1-rc.2; compared in china-dev."


def test_what_has_no_reason_is_printed_line_by_line_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    unexplained = (Difference("env", "dex: OLD", ours=False), Difference("env", "dex: NEW", ours=True))
    missing = Row("dex", "Service auth/dex", "unaccounted")
    extra = Row("dex", "Role auth/dex", "unaccounted", upstream=False)
    finding(monkeypatch, china_dev=[Row("dex", "Deployment auth/dex", "unaccounted", unexplained=unexplained), missing, extra])
    result = run("--env", "china-dev")
    assert result.exit_code == 1
    assert "dex: Deployment auth/dex: - env: dex: OLD\ndex: Deployment auth/dex: + env: dex: NEW\n" in result.stdout
    assert "dex: Service auth/dex: is not there and has no reason" in result.stdout
    assert "dex: Role auth/dex: is not upstream's and has no reason" in result.stdout
    assert result.stdout.splitlines()[-2].split() == ["total", "2", "0", "0", "0", "0", "3", "0", "%"]


def test_an_object_counts_once_and_as_its_gravest_environment_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = Row("dex", ROW.object, "changed", ("env: people sign in elsewhere",))
    finding(monkeypatch, china_dev=[ROW], china_prod=[changed])
    result = run("--env", "china-dev", "--env", "china-prod", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    [row] = answer["objects"]
    assert (row["status"], row["why"]) == ("changed", ["env: people sign in elsewhere (china-prod)"])
    assert answer["totals"][-1] == {
        "component": "total",
        "upstream": 1,
        "same": 0,
        "changed": 1,
        "left_out": 0,
        "added": 0,
        "unaccounted": 0,
        "accounted": "100 %",
    }


def test_an_environment_without_the_component_says_that_nothing_was_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    finding(monkeypatch, china_dev=[])
    result = run("dex", "--env", "china-dev")
    assert result.exit_code == 1
    assert "china-dev: installs none of it, so nothing was compared" in result.stderr


def test_a_component_that_is_not_compared_is_refused_with_those_that_are() -> None:
    result = run("kserve")
    assert result.exit_code == 2
    assert "'kserve' is not a component of upstream's that is compared (allowed: kubeflow-namespace, " in result.stderr


@pytest.mark.parametrize(
    "part", [part for part in COMPONENTS if any(isinstance(reason, FromChart) for reason in part.reasons)], ids=attrgetter("name")
)
def test_a_publishers_chart_is_upstreams_but_for_what_has_a_reason(part: Component) -> None:
    comparisons = list[Comparison]()
    for environment in map(load, ("china-prod", "global-dev")):
        had = charts(environment, [part])
        if had.absent:
            pytest.skip(f"cannot be had here: {', '.join(had.absent)}")
        comparisons.append(compared(environment, had.objects))
    rows = [row for comparison in comparisons for row in comparison.rows if row.component == part.name]
    assert [f"{row.object}: {[*map(str, row.unexplained)]}" for row in rows if row.status == "unaccounted"] == []
    assert any(row.status == "same" and row.why[0].startswith("installed by the publisher's chart ") for row in rows)
    releases = [reason.release for reason in part.reasons if isinstance(reason, FromChart)]
    assert [pattern for _, pattern in stale(comparisons, [part], releases)] == []


def test_a_chart_that_cannot_be_had_is_named_and_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: Any) -> Charts:
        return Charts(absent={"base 1.30.1": "no registry can be reached"})

    monkeypatch.setattr(conformance_command, "charts", nothing)
    result = run("istio-crds", "--env", "china-dev", "--charts", "--json")
    assert result.exit_code == 0
    assert "china-dev: chart base 1.30.1 cannot be had here, and is not looked into: no registry can be reached" in result.stderr
    assert {row["status"] for row in json.loads(result.stdout)["objects"]} == {"left out"}
