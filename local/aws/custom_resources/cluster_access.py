"""What a handler finds on its PATH when it reaches for a cluster.

Separate because it is the seam between a cloud without clusters, where charts are rendered, and one whose clusters are real.
"""

import os
import shlex
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import mlplatform
from mlplatform.local.aws.custom_resources import aws_cli, charts, installing, not_installed, rendering, without_backends
from mlplatform.local.aws.resources.contract import Place
from mlplatform.local.programs import helm_path, kubectl_path

RECORDS = "not-installed"
"""The folder, beside that of the programs, in which they record what cannot be installed."""
_ROOT = Path(str(mlplatform.__file__)).parent.parent


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
        del place
        with self._lock:
            if not self._folder.exists():
                self._write()
        return Programs((self._folder,), _environment(cluster_name, self._folder))

    def _write(self) -> None:
        # Found here and not by the programs: in a handler's process the user's cache is another folder.
        helm = str(helm_path())
        self._folder.mkdir(parents=True)
        write_program(self._folder / "aws", aws_cli.__file__, "aws")
        for name in ("helm", "kubectl"):
            write_program(self._folder / name, rendering.__file__, name, helm)


class RealClusters:
    """Clusters run on this machine: Helm and kubectl themselves act on them, and sign in as they do on AWS."""

    def __init__(self, folder: Path, mark: Callable[[str, str], Mapping[str, str]]) -> None:
        """Prepare the programs.

        Args:
            folder: where they are written.
            mark: answers variables for what acts on the cluster of a region and name, so that it ends with that cluster.
        """
        self._folder, self._mark = folder, mark
        self._folder.mkdir(parents=True)
        write_program(folder / "aws", aws_cli.__file__, "aws")
        write_program(folder / "helm", installing.__file__, str(helm_path()))
        (folder / "kubectl").symlink_to(kubectl_path())
        write_program(folder / without_backends.PLUGIN, without_backends.__file__)
        without_backends.write_plugin(self._plugins, folder / without_backends.PLUGIN)

    def programs(self, place: Place, cluster_name: str) -> Programs:
        """Return programs that act on the cluster as the handler's role, which needs an access entry for it."""
        variables = {**_environment(cluster_name, self._folder), "HELM_PLUGINS": str(self._plugins)}
        return Programs((self._folder,), {**variables, **self._mark(place.region, cluster_name)})

    @property
    def _plugins(self) -> Path:
        return self._folder / "plugins"


def write_program(path: Path, module: str, *arguments: str) -> None:
    """Write an executable that runs a Python module's file with these arguments before its own."""
    command = shlex.join(["env", f"PYTHONPATH={_ROOT}", sys.executable, "-P", module, *arguments])
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    path.chmod(0o755)


def _environment(cluster_name: str, programs: Path) -> dict[str, str]:
    """Return what programs must know to find charts, and to record those that they do not find."""
    variables = {installing.CLUSTER: cluster_name, not_installed.FOLDER: str(programs.with_name(RECORDS))}
    given = {name: os.environ[name] for name in (charts.FOLDER, charts.OUTSIDE) if name in os.environ}
    return {**variables, **given}
