"""`mlp local` where nothing runs, and whether a demo has a cluster; what runs is in tests/cluster/eks."""

from collections.abc import Iterable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mlplatform.local import session
from mlplatform.local.aws.process import RunningAws
from mlplatform.local.cluster.catalogue import ETCD, KWOK, Program
from mlplatform.local.session import Session
from mlplatform.ops.demo import cluster_choice
from mlplatform.ops.demo.cluster_choice import chosen
from mlplatform.ops.main import main


@pytest.fixture(autouse=True)
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(session, "FOLDER", tmp_path)
    return tmp_path


def mlp(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["local", *arguments])


def test_nothing_runs_and_every_command_says_so() -> None:
    assert "nothing runs; mlp local up NAME starts an environment" in mlp("status").stderr
    assert mlp("status", "--json").stdout == "[]\n"
    assert "nothing runs for china-dev" in mlp("down", "china-dev").stderr
    asked = mlp("kubeconfig", "china-dev")
    assert asked.exit_code == 1
    assert "china-dev: no cluster runs; mlp local up starts one" in asked.stderr


def test_a_session_whose_process_is_gone_is_none(sessions: Path) -> None:
    (sessions / "china-dev").mkdir()
    state = sessions / "china-dev" / "aws.json"
    state.write_text('{"endpoint": "http://127.0.0.1:1", "pid": 999999999, "account": "123456789012", "seed": 1}')
    assert mlp("status", "--json").stdout == "[]\n"
    assert not state.exists()


def built(monkeypatch: pytest.MonkeyPatch, lacking: Iterable[Program]) -> None:
    monkeypatch.setattr(cluster_choice, "missing", lambda: tuple(lacking))


def test_a_demo_has_a_cluster_once_its_programs_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    built(monkeypatch, [])
    assert [chosen(asked, None) for asked in (None, True, False)] == [True, True, False]


def test_a_demo_without_programs_goes_on_without_a_cluster_and_says_how_to_have_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built(monkeypatch, [ETCD, KWOK])
    assert chosen(None, None) is False
    assert "make cluster" in capsys.readouterr().err
    with pytest.raises(click.UsageError, match=r"not built \(etcd, kwok\); build them once: make cluster"):
        chosen(True, None)


def test_what_is_up_decides_unless_the_other_is_asked_for() -> None:
    up = Session("china-dev", RunningAws("http://127.0.0.1:1", 1, "123456789012", 1, cluster=False))
    assert chosen(None, up) is chosen(False, up) is False
    with pytest.raises(click.UsageError, match="is up without a cluster; stop it first: mlp local down china-dev"):
        chosen(True, up)
