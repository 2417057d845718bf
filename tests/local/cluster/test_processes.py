"""Processes of a plane, with `sleep` in place of Kubernetes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from uuid import uuid4

import pytest

from mlplatform.local.cluster import ownership
from mlplatform.local.cluster.processes import ProcessError, Processes

OWNER = """
import sys, time
from pathlib import Path
from mlplatform.local.cluster import ownership
from mlplatform.local.cluster.processes import Processes
plane, folder, guarded = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "guarded"
ownership.record(plane, folder)
processes = Processes(plane, folder)
if guarded:
    processes.guard()
processes.start("etcd", ["sleep", "600"])
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def plane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    name = uuid4().hex
    yield name
    ownership.end(name)


@pytest.fixture
def processes(plane: str, tmp_path: Path) -> Generator[Processes]:
    found = Processes(plane, tmp_path)
    yield found
    found.stop_all()


def start_and_kill_owner(plane: str, folder: Path, how: str) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, plane, str(folder), how], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    with owner.stdout:
        assert owner.stdout.readline() == "ready\n"
        assert ownership.processes(plane)
        owner.send_signal(signal.SIGKILL)
        owner.wait()


def eventually(check: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return False


def test_a_process_sees_a_clean_environment(processes: Processes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    processes.start("etcd", ["env"], {"GOGC": "60"})
    assert eventually(lambda: not processes.pids())
    seen = (processes.logs / "etcd.log").read_text()
    assert "GOGC=60" in seen
    assert "PROXY" not in seen


def test_a_process_that_ended_is_named_with_the_end_of_its_log(processes: Processes):
    processes.start("etcd", ["sh", "-c", "echo listen tcp: address already in use; exit 3"])
    assert eventually(lambda: not processes.pids())
    with pytest.raises(ProcessError, match="etcd ended with exit code 3: listen tcp: address already in use"):
        processes.check()


def test_a_process_that_was_killed_is_named_with_the_signal(processes: Processes):
    processes.start("etcd", ["sleep", "600"])
    os.kill(processes.pids()["etcd"], signal.SIGKILL)
    assert eventually(lambda: not processes.pids())
    with pytest.raises(ProcessError, match="etcd ended with signal SIGKILL: it said nothing"):
        processes.check()


def test_everything_stops_even_what_ignores_being_asked(processes: Processes, plane: str):
    processes.guard()
    processes.start("etcd", ["sleep", "600"])
    processes.start("kwok", ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 600; done"])
    assert eventually(lambda: "deaf" in (processes.logs / "kwok.log").read_text())
    processes.stop_all()
    assert ownership.processes(plane) == []
    assert processes.pids() == {}


def test_one_process_stops_alone(processes: Processes):
    processes.start("etcd", ["sleep", "600"])
    processes.start("karpenter", ["sleep", "600"])
    processes.stop("karpenter")
    assert set(processes.pids()) == {"etcd"}


def test_a_killed_owner_takes_its_plane_along(plane: str, tmp_path: Path):
    start_and_kill_owner(plane, tmp_path, "guarded")
    assert eventually(lambda: not ownership.processes(plane))
    assert eventually(lambda: not list((tmp_path / "state").rglob("*.json")))


def test_what_a_killed_owner_and_guard_left_is_swept(plane: str, tmp_path: Path):
    start_and_kill_owner(plane, tmp_path, "without a guard")
    assert ownership.processes(plane)
    assert ownership.sweep() == [plane]
    assert ownership.processes(plane) == []


def test_a_plane_whose_owner_lives_is_not_swept(processes: Processes, plane: str, tmp_path: Path):
    ownership.record(plane, tmp_path)
    processes.start("etcd", ["sleep", "600"])
    assert ownership.sweep() == []
    assert ownership.processes(plane)


def test_a_plane_whose_owner_s_id_belongs_to_another_process_is_swept(plane: str, tmp_path: Path):
    ownership.record(plane, tmp_path)
    (note,) = (tmp_path / "state").rglob("*.json")
    note.write_text(note.read_text().replace('"started": ', '"started": 1'))
    assert ownership.sweep() == [plane]
    assert not note.exists()
