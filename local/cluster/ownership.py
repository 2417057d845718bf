"""Who owns a running control plane, so that its processes end with their owner, however that ends.

Separate because three ask: the plane that starts, the guard that outlives a killed owner, and the next start, which sweeps.
Processes are known by a mark in their environment and not by recorded ids: an id can be reused, and a process that was just
started cannot have been recorded yet.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

import psutil
from platformdirs import user_state_path

MARK = "MLPLATFORM_PLANE"
"""The variable that every process of a plane carries, with the plane's id."""
_CLOCK_SECONDS = 2.0
"""How far two readings of one process's start can differ when the clock is set."""


def _records() -> Path:
    return user_state_path("mlplatform", appauthor=False) / "planes"


def record(plane: str, folder: Path) -> None:
    """Note that this process owns the plane; `sweep` ends it once this process is gone."""
    _records().mkdir(parents=True, exist_ok=True)
    owner = psutil.Process()
    note = {"owner": owner.pid, "started": owner.create_time(), "folder": str(folder)}
    part = _records() / f".{plane}.{os.getpid()}"
    part.write_text(json.dumps(note))
    part.replace(_records() / f"{plane}.json")


def forget(plane: str) -> None:
    """Note that nothing of the plane is left."""
    (_records() / f"{plane}.json").unlink(missing_ok=True)


def sweep() -> list[str]:
    """End every plane of this user whose owner is gone, and return their ids."""
    abandoned = [path.stem for path in _records().glob("*.json") if not _is_owned(path)]
    for plane in abandoned:
        end(plane)
    return abandoned


def end(plane: str) -> None:
    """Kill what is left of a plane and forget it."""
    # Twice without a find: a process that was being started when its owner was killed shows its mark a moment later.
    quiet = 0
    while quiet < 2:  # noqa: PLR2004 - see above
        found = processes(plane)
        quiet = 0 if found else quiet + 1
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=5)
        if not found:
            time.sleep(0.2)
    forget(plane)


def processes(plane: str) -> list[psutil.Process]:
    """Return the processes that carry the plane's mark."""
    return carrying(MARK, plane)


def carrying(variable: str, value: str) -> list[psutil.Process]:
    """Return this user's processes in whose environment a variable has a value, this one left out."""
    return [process for process in psutil.process_iter() if process.pid != os.getpid() and _variable(process, variable) == value]


def _variable(process: psutil.Process, name: str) -> str | None:
    # Other users' processes are none of ours, and a process may end while it is looked at.
    with suppress(psutil.Error, OSError):
        return process.environ().get(name)
    return None


def _is_owned(path: Path) -> bool:
    try:
        note = json.loads(path.read_text())
        owner = psutil.Process(note["owner"])
        # In a container nobody may collect a killed process, which then stays listed.
        return owner.status() != psutil.STATUS_ZOMBIE and abs(owner.create_time() - note["started"]) < _CLOCK_SECONDS
    except FileNotFoundError:
        return True  # its owner stopped it and removed the note just now
    except (psutil.NoSuchProcess, json.JSONDecodeError, KeyError):
        return False
