"""Programs that the user already has: a folder that KUBEBUILDER_ASSETS names.

Separate because only here a program of unknown origin is asked for its version before it is used.
"""

import os
import re
import subprocess
from pathlib import Path

from mlplatform.local.cluster.catalogue import APISERVER, ETCD, Program

VARIABLE = "KUBEBUILDER_ASSETS"
OFFERED = (ETCD, APISERVER)
"""What such a folder holds (https://book.kubebuilder.io/reference/envtest)."""


def offered(program: Program) -> Path | None:
    """Return the program in the folder that KUBEBUILDER_ASSETS names, where its minor version is ours."""
    folder = os.environ.get(VARIABLE)
    if not folder or program not in OFFERED:
        return None
    path = Path(folder) / program.name
    return path if _minor(_stated_version(path)) == _minor(program.version) else None


def _stated_version(path: Path) -> str:
    try:
        stated = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"\d+\.\d+\.\d+", stated)
    return found[0] if found else ""


def _minor(version: str) -> tuple[str, ...]:
    return tuple(version.split(".")[:2])
