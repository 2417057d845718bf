"""The cluster's programs, built once into the user's cache and found there ever after.

Separate from the toolchain because order, resumption and the estimate are the same whatever builds.
"""

import os
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mlplatform.local.cluster.assets import offered
from mlplatform.local.cluster.catalogue import PROGRAMS, Program, ProgramPaths
from mlplatform.local.cluster.golang import BuildError, ProgramsUnavailableError, compile_program, download, toolchain
from mlplatform.local.programs import programs_cache

__all__ = ["BuildError", "ProgramsUnavailableError", "Progress", "build", "find", "missing"]

Progress = Callable[[str], None]
"""Takes one line for the person who waits."""


def find() -> ProgramPaths | None:
    """Return the programs if all of them are there: offered by KUBEBUILDER_ASSETS, or built before."""
    paths = {program.name: path for program in PROGRAMS if (path := _present(program))}
    return ProgramPaths.of(paths) if len(paths) == len(PROGRAMS) else None


def missing() -> tuple[Program, ...]:
    """Return the programs that `build` would build."""
    return tuple(program for program in PROGRAMS if not _present(program))


def build(progress: Progress) -> ProgramPaths:
    """Build what is missing and return every program.

    A build that was cut goes on where it was: finished programs are kept, and Go keeps what it had compiled.
    Two builds at once are one build: the second waits and then finds everything.

    Args:
        progress: Is told one line at each step, with an estimate of the time left.

    Raises:
        ProgramsUnavailableError: The toolchain is not installed or no module proxy can be reached.
        BuildError: Go failed for another reason.
    """
    if ready := find():
        return ready
    toolchain()
    with _alone(progress):
        waiting = missing()
        estimate = _Estimate(waiting)
        for number, program in enumerate(waiting, start=1):
            progress(f"building {program.name} {program.version} ({number} of {len(waiting)}), {estimate.left(0)} left")
            started = time.monotonic()
            _build_one(program, lambda seconds, name=program.name: progress(f"  {name}: {seconds:.0f} s, {estimate.left(seconds)} left"))
            took = time.monotonic() - started
            estimate.finished(took)
            progress(f"built {program.name} in {took:.0f} s, {program.path.stat().st_size / 1e6:.0f} MB")
    ready = find()
    if ready is None:
        names = ", ".join(program.name for program in missing())
        raise BuildError(f"{programs_cache()}: {names} vanished after the build; free some space and build again")
    return ready


def _present(program: Program) -> Path | None:
    return offered(program) or (program.path if program.path.exists() else None)


def _build_one(program: Program, waiting: Callable[[float], None]) -> None:
    """Build beside the program's place and move it there whole: what is there is finished."""
    folder = program.path.parent
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        download(program.folder, program.package, waiting)
        compile_program(program.folder, program.package, program.linker_flags, part / program.name, waiting)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _alone(progress: Progress) -> Generator[None]:
    programs_cache().mkdir(parents=True, exist_ok=True)
    lock = FileLock(programs_cache() / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("another build is running; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


class _Estimate:
    """Time left, from how long each program takes on two cores and how this machine compares so far."""

    def __init__(self, programs: tuple[Program, ...]) -> None:
        self._left = [program.seconds for program in programs]
        # A prior of some minutes, so that one program found in Go's cache does not make the rest look done.
        self._expected = 300.0
        self._took = self._expected * 2 / (os.cpu_count() or 2)

    def finished(self, took: float) -> None:
        self._expected += self._left.pop(0)
        self._took += took

    def left(self, spent: float) -> str:
        """Say the time left, `spent` seconds into the program being built."""
        pace = self._took / self._expected
        current, *rest = self._left
        # A program that takes longer than expected is about to end only in hope: a tenth of what it took is left.
        seconds = max(current * pace - spent, spent / 10) + sum(rest) * pace
        return f"about {seconds / 60:.0f} min" if seconds >= 90 else f"about {max(seconds, 5):.0f} s"  # noqa: PLR2004 - a minute and a half reads better in seconds
