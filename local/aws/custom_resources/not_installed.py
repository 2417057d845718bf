"""What a stack asks Helm for and this machine cannot install: recorded by name, because its resource succeeds all the same.

Separate because handlers' programs write it, each in a process of its own, and the local AWS shows it.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

PATH = "/_local/not-installed"
FOLDER = "MLP_NOT_INSTALLED"
"""The variable that tells a program where to record; it records nothing without it."""


@dataclass(frozen=True)
class Release:
    """One release of one cluster."""

    region: str
    cluster: str
    namespace: str
    name: str


@dataclass(frozen=True)
class NotInstalled:
    """One thing that was left out."""

    region: str
    cluster: str
    namespace: str
    release: str
    what: str
    """`chart`, or the kind of an object of one."""
    name: str
    version: str | None
    reason: str


def record(release: Release, what: str, name: str, reason: str, version: str | None = None) -> None:
    """Write down that something of a release is not installed."""
    entry = NotInstalled(release.region, release.cluster, release.namespace, release.name, what, name, version, reason)
    folder = _folder()
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{os.getpid()}"
    part.write_text(json.dumps(asdict(entry)))
    part.replace(folder / f"{_key(release)}-{_digest(what, name)}.json")


def forget(release: Release) -> bool:
    """Forget what was left out of a release, and say whether that was its chart."""
    folder, chart = _folder(), False
    for path in folder.glob(f"{_key(release)}-*.json") if folder else ():
        chart = chart or json.loads(path.read_text())["what"] == "chart"
        path.unlink(missing_ok=True)
    return chart


def recorded(folder: Path) -> list[NotInstalled]:
    """Return everything that is recorded in a folder."""
    entries = [NotInstalled(**json.loads(path.read_text())) for path in folder.glob("*.json")]
    return sorted(entries, key=lambda entry: (entry.region, entry.cluster, entry.namespace, entry.release, entry.name))


def _folder() -> Path | None:
    return Path(os.environ[FOLDER]) if FOLDER in os.environ else None


def _key(release: Release) -> str:
    return _digest(release.region, release.cluster, release.namespace, release.name)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]
