"""Kubeflow's own programs under our accounts: each with its ServiceAccount's token and its Deployment's arguments.

Separate because none of them can be had from a module proxy: who has built one names it in a variable.
"""

import os
import subprocess
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlplatform.local.cluster.kubeconfig import read_kubeconfig, write_kubeconfig
from mlplatform.manifests.namespaces import KUBEFLOW
from tests.cluster.cluster import Cluster

SOURCE = "https://github.com/kubeflow/dashboard/tree/v2.0.0/components"
_SECONDS = 60.0


@dataclass(frozen=True)
class Program:
    """A program that runs beside the API server."""

    path: Path
    account: str

    @contextmanager
    def run(self, cluster: Cluster, folder: Path, arguments: Sequence[str]) -> Generator[Path]:
        """Run it and give the file of what it writes."""
        kubeconfig, log = folder / f"{self.account}.kubeconfig", folder / f"{self.account}.log"
        server, authority, _ = read_kubeconfig(cluster.kubeconfig)
        token = cluster.kubectl("create", "token", self.account, f"--namespace={KUBEFLOW}").strip()
        write_kubeconfig(kubeconfig, server=server, authority=authority, token=token)
        environment = {"KUBECONFIG": str(kubeconfig), "HOME": str(folder)}
        with log.open("wb") as written:
            process = subprocess.Popen([self.path, *arguments], env=environment, stdout=written, stderr=written)
        try:
            yield log
        finally:
            process.kill()
            process.wait()


def named(variable: str, component: str, account: str) -> Program:
    """Return the program that a variable names, or skip the test."""
    path = os.environ.get(variable)
    if not path:
        pytest.skip(f"name a program built from {SOURCE}/{component} in {variable} to run it under our account")
    return Program(Path(path), account)


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + _SECONDS
    while not is_so():
        if time.monotonic() > ends:
            pytest.fail(f"not in {_SECONDS:.0f} s: {what}")
        time.sleep(0.2)
