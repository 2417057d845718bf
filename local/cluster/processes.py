"""The processes of one control plane: started with a clean environment, watched, and ended together.

Separate from the plane because controllers that join it later, such as Karpenter, are started and stopped the same way.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import psutil

from mlplatform.local.cluster import ownership
from mlplatform.local.cluster.guard import __file__ as guard_program

_NOTHING: Mapping[str, str] = MappingProxyType({})
_STOP_SECONDS = 2.5
_QUOTED_LINES = 5


class ProcessError(Exception):
    """A process of the control plane ended by itself; the message quotes the end of its log."""


class Processes:
    """What runs for one plane. Each process has its log in `logs` and is its own process group."""

    def __init__(self, plane: str, folder: Path) -> None:
        self._plane = plane
        self._folder = folder
        self.logs = folder / "logs"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._guard: subprocess.Popen[bytes] | None = None

    def guard(self) -> None:
        """Start the process that ends the plane when this one is killed."""
        self._guard = subprocess.Popen(
            [sys.executable, guard_program, self._plane],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def start(self, name: str, command: Iterable[str | Path], environment: Mapping[str, str] = _NOTHING) -> None:
        """Start a process.

        Args:
            name: Names its log, and it in `check` and `stop`.
            command: Program and arguments.
            environment: All that it sees beside PATH and HOME: proxies and AWS_* of the caller must not reach it.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        clean = {"PATH": "/usr/bin:/bin", "HOME": str(self._folder), **environment, ownership.MARK: self._plane}
        with (self.logs / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                list(command), cwd=self._folder, env=clean, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def check(self) -> None:
        """See that everything runs.

        Raises:
            ProcessError: Something ended.
        """
        for name, process in self._running.items():
            if (code := process.poll()) is not None:
                raise ProcessError(f"{name} ended with {_outcome(code)}: {self.last_words(name)}")

    def last_words(self, name: str) -> str:
        """Return the end of a process's log on one line."""
        log = self.logs / f"{name}.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return " / ".join(line.strip() for line in lines[-_QUOTED_LINES:]) or f"it said nothing in {log}"

    def pids(self) -> dict[str, int]:
        """Return the process ids of what runs, by name."""
        return {name: process.pid for name, process in self._running.items() if process.poll() is None}

    def memory(self) -> dict[str, int]:
        """Return the resident bytes of what runs, by name."""
        return {name: psutil.Process(pid).memory_info().rss for name, pid in self.pids().items()}

    def stop(self, name: str, *, at_once: bool = False) -> None:
        """End one process, by force where it does not go in time; nothing happens where it is not running."""
        self._end({name: process} if (process := self._running.pop(name, None)) else {}, {name} if at_once else set())

    def stop_all(self, at_once: Iterable[str] = ()) -> None:
        """End everything, the guard last.

        Args:
            at_once: What is not worth asking, by name: kube-apiserver drains for up to a minute.
        """
        running, self._running = self._running, {}
        self._end(running, set(at_once))
        if self._guard is not None:
            # Closing the pipe lets it look for what was overlooked; only then is the plane forgotten.
            self._guard.communicate()
            self._guard = None

    @staticmethod
    def _end(processes: Mapping[str, subprocess.Popen[bytes]], at_once: set[str]) -> None:
        for name, process in processes.items():
            _signal(process, signal.SIGKILL if name in at_once else signal.SIGTERM)
        end = time.monotonic() + _STOP_SECONDS
        for process in processes.values():
            try:
                process.wait(max(end - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def _outcome(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
