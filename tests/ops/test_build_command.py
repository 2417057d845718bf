import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlplatform.local.cluster.build import ProgramsUnavailableError, Progress
from mlplatform.local.cluster.catalogue import PROGRAMS, ProgramPaths
from mlplatform.ops import build_command
from mlplatform.ops.exits import FAILED
from mlplatform.ops.local_commands import local


def test_the_programs_are_listed_with_their_versions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    program = tmp_path / "program"
    program.write_bytes(b"0" * 2_000_000)
    paths = ProgramPaths.of({entry.name: program for entry in PROGRAMS})
    monkeypatch.setattr(build_command, "build", lambda progress: progress("building etcd") or paths)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] - monkeypatch takes anything
    done = CliRunner().invoke(local, ["build", "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert [row["program"] for row in rows] == [entry.name for entry in PROGRAMS]
    assert rows[0] == {"program": "etcd", "version": "3.7.3", "megabytes": 2, "path": str(program)}
    assert "building etcd" in done.stderr


def test_a_build_that_cannot_be_says_why_and_fails(monkeypatch: pytest.MonkeyPatch):
    def unreachable(progress: Progress) -> ProgramPaths:
        progress("building etcd")
        raise ProgramsUnavailableError("no Go module proxy could be reached: no such host")

    monkeypatch.setattr(build_command, "build", unreachable)
    done = CliRunner().invoke(local, ["build"])
    assert done.exit_code == FAILED
    assert done.stderr == "building etcd\nmlp: no Go module proxy could be reached: no such host\n"
    assert done.stdout == ""
