"""Runs rivals in turns and prints how they compare.

Separate so that every measurement counts the same things: wall time, CPU time of the process and its children, peak memory.
"""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """What one run of one or more commands, one after the other, took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of user and system, children included."""
    memory: int
    """Peak resident size of the largest process, MiB."""


def run(commands: Sequence[Sequence[str]]) -> Run:
    """Run commands one after the other.

    Raises:
        subprocess.CalledProcessError: One of them failed.
    """
    wall, cpu, memory = time.perf_counter(), 0.0, 0
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for command in commands:
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                raise subprocess.CalledProcessError(process.returncode, command, output.read())
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss // 1024)
    return Run(time.perf_counter() - wall, cpu, memory)


def compare(title: str, rivals: Mapping[str, Sequence[Sequence[str]]], *, rounds: int = 5) -> None:
    """Run each rival once in every round, and print medians and their ratio to the first rival."""
    runs: dict[str, list[Run]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, commands in rivals.items():
            runs[name].append(run(commands))
    base = statistics.median(one.wall for one in next(iter(runs.values())))
    grid = Table("rival", "wall s", "CPU s", "peak MiB", "ratio", title=f"{title} (median of {rounds})")
    for name, measured in runs.items():
        wall = statistics.median(one.wall for one in measured)
        cpu = statistics.median(one.cpu for one in measured)
        grid.add_row(name, f"{wall:.2f}", f"{cpu:.2f}", str(max(one.memory for one in measured)), f"{wall / base:.2f}")
    Console().print(grid)
