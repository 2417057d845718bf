"""What runs on this machine for each environment, and how that is shown.

Separate from the commands because it is asked of each local AWS, and some of it of each cluster.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from mlplatform.local.controls import Cluster, Controls
from mlplatform.local.session import Session
from mlplatform.ops.console import out, table
from mlplatform.ops.demo.report import not_installed

_MIB = 2**20


@dataclass(frozen=True)
class Status:
    """One session."""

    environment: str
    account: str
    endpoint: str
    pid: int
    logs: str
    memory: int
    """Resident bytes of the local AWS."""
    clusters: list[Cluster]
    not_installed: list[Mapping[str, Any]]


def status_of(session: Session) -> Status:
    """Ask a session what it runs."""
    running, controls = session.running, Controls(session.running.endpoint)
    memory = psutil.Process(running.pid).memory_info().rss
    return Status(
        session.name,
        running.account,
        running.endpoint,
        running.pid,
        str(session.folder),
        memory,
        controls.clusters(),
        controls.not_installed(),
    )


def show(found: Sequence[Status]) -> None:
    """Print sessions for a person."""
    rows = [
        {
            "environment": one.environment,
            "account": one.account,
            "endpoint": one.endpoint,
            "pid": one.pid,
            "MiB": one.memory // _MIB,
            "cluster": ", ".join(cluster.name for cluster in one.clusters) or None,
            "logs": one.logs,
        }
        for one in found
    ]
    table(rows, "environment", "account", "endpoint", "pid", "MiB", "cluster", "logs")
    for one in found:
        for cluster in one.clusters:
            _show(cluster)
        not_installed(one.not_installed)


def _show(cluster: Cluster) -> None:
    out.print(f"\n{cluster.name}: export KUBECONFIG={cluster.kubeconfig}")
    rows = [{"process": process.name, "pid": process.pid, "MiB": process.bytes // _MIB} for process in cluster.processes]
    table(rows, "process", "pid", "MiB")
    for listener in cluster.listeners:
        out.print(f"{listener.what} listens on every interface, port {listener.port}")
    if cluster.problem:
        out.print(f"Karpenter does not run: {cluster.problem}", markup=False)
