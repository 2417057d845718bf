"""What the local AWS answers beside AWS's own APIs, for the commands that show it.

Separate because who asks is another process, which need know neither paths nor JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

_LOOK = urllib3.Timeout(connect=5, read=30)
_INSTALL = urllib3.Timeout(connect=5, read=240)


class ControlRefusedError(Exception):
    """The local AWS refused, or did not answer; the message is its own."""


@dataclass(frozen=True)
class Listener:
    """A port that a program of others opens on every interface of this machine."""

    what: str
    port: int


@dataclass(frozen=True)
class Process:
    """One process of a cluster."""

    name: str
    pid: int
    bytes: int
    """Resident memory."""


@dataclass(frozen=True)
class Cluster:
    """One cluster of a local AWS."""

    region: str
    name: str
    kubeconfig: Path
    logs: Path
    processes: tuple[Process, ...]
    listeners: tuple[Listener, ...]
    built_in: bool
    """Whether Karpenter and its pools are the built-in ones, because no release brought any."""
    problem: str | None
    """Why Karpenter does not run although it should."""


class Controls:
    """The local controls of one local AWS."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        # Not urllib3's environment-aware sibling: a proxy of the user's must not be asked for loopback.
        self._pool = urllib3.PoolManager(retries=False)

    def clusters(self) -> list[Cluster]:
        """Return the clusters that run; none where no control plane stands behind EKS."""
        return [_cluster(shown) for shown in self._ask("GET", "clusters", _LOOK).get("clusters", ())]

    def karpenter(self, region: str, name: str) -> Cluster:
        """See that Karpenter acts in a cluster: as its release says, or with the built-in pools, and return once it does.

        Raises:
            ControlRefusedError: The cluster is not there, or it was not ready in time.
        """
        return _cluster(self._ask("POST", f"clusters/{region}/{name}/karpenter", _INSTALL))

    def not_installed(self) -> list[Mapping[str, Any]]:
        """Return what stacks asked Helm for and this machine could not install: release, what, name, version, reason."""
        return self._ask("GET", "not-installed", _LOOK)["not_installed"]

    def _ask(self, method: str, path: str, timeout: urllib3.Timeout) -> dict[str, Any]:
        try:
            answer = self._pool.request(method, f"{self._endpoint}/_local/{path}", timeout=timeout)
        except urllib3.exceptions.HTTPError as error:
            raise ControlRefusedError(f"{self._endpoint} does not answer: {error}") from error
        if "json" not in answer.headers.get("Content-Type", ""):
            return {}  # a local AWS without clusters has nothing there
        body: dict[str, Any] = json.loads(answer.data)
        if "error" in body:
            raise ControlRefusedError(body["error"])
        return body


def _cluster(shown: Mapping[str, Any]) -> Cluster:
    return Cluster(
        shown["region"],
        shown["name"],
        Path(shown["kubeconfig"]),
        Path(shown["logs"]),
        tuple(Process(name, entry["pid"], entry["bytes"]) for name, entry in shown["processes"].items()),
        tuple(Listener(**listener) for listener in shown["listeners"]),
        shown["built_in"],
        shown["problem"],
    )
