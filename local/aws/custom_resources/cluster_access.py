"""What a handler finds on its PATH when it reaches for a cluster.

Separate because it is the seam between a cloud without clusters, where charts are rendered, and one whose clusters are real.
"""

import shlex
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mlplatform.local.aws.custom_resources import aws_cli, rendering
from mlplatform.local.aws.resources.contract import Place
from mlplatform.local.programs import helm_path


@dataclass(frozen=True)
class Programs:
    """The programs of one invocation."""

    path: tuple[Path, ...]
    """Folders that hold `aws`, `helm` and `kubectl`."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


class ClusterAccess(Protocol):
    """How handlers reach the clusters of this AWS."""

    def programs(self, place: Place, cluster_name: str) -> Programs:
        """Return the programs that act on the cluster of that name.

        Raises:
            ResourceFailedError: The cluster cannot be reached at all.
        """
        ...


class RenderedOnly:
    """There is no cluster: Helm renders its charts, so that a broken one fails, and kubectl reads its manifests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def programs(self, place: Place, cluster_name: str) -> Programs:
        """Return programs that ask nothing of any cluster."""
        del place, cluster_name
        with self._lock:
            if not self._folder.exists():
                self._write()
        return Programs((self._folder,))

    def _write(self) -> None:
        # Found here and not by the programs: in a handler's process the user's cache is another folder.
        helm = str(helm_path())
        self._folder.mkdir(parents=True)
        write_program(self._folder / "aws", aws_cli.__file__, "aws")
        for name in ("helm", "kubectl"):
            write_program(self._folder / name, rendering.__file__, name, helm)


def write_program(path: Path, module: str, *arguments: str) -> None:
    """Write an executable that runs a Python module's file with these arguments before its own."""
    command = shlex.join([sys.executable, "-P", module, *arguments])
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    path.chmod(0o755)
