"""`mlp release recover`, and what `mlp deploy` does of it: when they act, and what they say when they do not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.ops import release_commands
from mlplatform.ops.cluster import NoClusterError
from mlplatform.ops.main import main
from mlplatform.ops.recovery import Helm, HelmFailedError, Recovered

STUCK = Recovered("pools", "kube-system", "pending-upgrade", "rolled back to revision 3")


class Lab:
    """Commands in front of an account with these stacks, and a cluster on which one release is stuck."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stacks: list[dict[str, str]] = [{"StackName": "china-dev-compute", "StackStatus": "UPDATE_ROLLBACK_COMPLETE"}]
        self.recovered: list[Recovered] = [STUCK]
        self.refused: Exception | None = None
        self.asked: list[Any] = []
        monkeypatch.setattr(release_commands, "_stacks", self._stacks)
        monkeypatch.setattr(release_commands, "_recover", self._recover)

    def _stacks(self, _: Settings) -> list[dict[str, str]]:
        return self.stacks

    def _recover(self, *asked: Any) -> Sequence[Recovered]:
        self.asked.append(asked)
        if self.refused:
            raise self.refused
        return self.recovered

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["release", "recover", "china-dev", *arguments])


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    return Lab(monkeypatch)


def test_what_was_stuck_and_what_was_done_is_said(lab: Lab) -> None:
    done = lab.run()
    assert done.exit_code == 0
    assert "release pools was pending-upgrade: rolled back to revision 3" in done.stderr


def test_it_says_so_when_nothing_is_stuck(lab: Lab) -> None:
    lab.recovered = []
    assert "no release of china-dev is stuck" in lab.run().stderr


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS"])
def test_nothing_is_touched_while_a_deployment_runs(lab: Lab, status: str) -> None:
    lab.stacks = [{"StackName": "china-dev-network", "StackStatus": status}]
    done = lab.run()
    assert done.exit_code == 3
    assert f"stack china-dev-network is {status}; wait until it has ended" in done.stderr
    assert lab.asked == []


@pytest.mark.parametrize("error", [NoClusterError("china-dev has no cluster"), HelmFailedError("helm list: no answer in 60 s")])
def test_a_cluster_that_is_not_there_or_not_reached_is_a_sentence(lab: Lab, error: Exception) -> None:
    lab.refused = error
    done = lab.run()
    assert done.exit_code == 3
    assert f"mlp release recover: {error}" in done.stderr


def test_a_deployment_recovers_first(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    release_commands.recover_before_deploying(load("china-dev"))
    assert len(lab.asked) == 1
    assert "release pools was pending-upgrade" in capsys.readouterr().err


def test_a_first_deployment_has_nothing_to_recover(lab: Lab) -> None:
    lab.stacks = []
    release_commands.recover_before_deploying(load("china-dev"))
    assert lab.asked == []


def test_a_deployment_goes_on_where_the_cluster_is_not_reached_and_names_the_command(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.refused = HelmFailedError("helm list: Kubernetes cluster unreachable")
    release_commands.recover_before_deploying(load("china-dev"))
    said = capsys.readouterr().err
    assert "Kubernetes cluster unreachable" in said
    assert "mlp release recover china-dev" in said


def test_helms_own_words_come_through_when_it_cannot(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        '{"clusters": [{"name": "x", "cluster": {"server": "https://127.0.0.1:1"}}], "contexts": [{"name": "x", '
        '"context": {"cluster": "x", "user": ""}}], "current-context": "x"}'
    )
    with pytest.raises(HelmFailedError, match=r"helm list: .*unreachable"):
        Helm(kubeconfig)("list", "--all-namespaces")
