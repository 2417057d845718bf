"""Releases whose step was cut: Helm thinks that they are still being installed, and refuses every upgrade.

Separate from the command because `mlp deploy` recovers too, and tests do it on a cluster that no AWS knows.
"""

import json
import os
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlplatform.local.programs import helm_path
from mlplatform.manifests import Release

_SETTLED = ("deployed", "superseded")
"""What a revision that was once whole is called in Helm's history."""
_UNKNOWN = "the server has asked for the client to provide credentials"
_LOOK_SECONDS = 60
_ACT_SECONDS = 600


class HelmFailedError(Exception):
    """Helm could not do it; the message is its own."""


@dataclass(frozen=True)
class Recovered:
    """One release that was stuck."""

    release: str
    namespace: str
    was: str
    """Helm's word for its state: `pending-install`, `pending-upgrade`, `pending-rollback`."""
    done: str
    """What was done, as a sentence ends."""


class Helm:
    """Helm on the cluster of one kubeconfig."""

    def __init__(self, kubeconfig: Path) -> None:
        self._kubeconfig = kubeconfig

    def __call__(self, *arguments: str, seconds: int = _LOOK_SECONDS) -> str:
        """Run Helm and return what it prints.

        Raises:
            HelmFailedError: It failed, or took longer than `seconds`.
        """
        command = [helm_path(), *arguments, "--kubeconfig", self._kubeconfig]
        # Plugins and defaults of the person's own Helm have no say here; a proxy to a private cluster has.
        kept = {name: value for name, value in os.environ.items() if name.upper() in ("HTTPS_PROXY", "NO_PROXY", "PATH")}
        environment = {**kept, "HOME": str(self._kubeconfig.parent)}
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise HelmFailedError(f"helm {arguments[0]}: no answer in {seconds} s") from None
        if done.returncode:
            said = f"helm {arguments[0]}: {done.stderr.strip()}"
            if _UNKNOWN in said:
                said += "; the cluster does not know you: sign in as one of cluster.administrators"
            raise HelmFailedError(said)
        return done.stdout


def recover(helm: Helm, releases: Collection[Release]) -> list[Recovered]:
    """Bring every stuck release back to its last whole revision, or remove it where its first installation was cut.

    Whoever calls this has made sure that no deployment runs: one that does looks the same.

    Args:
        helm: Helm on the cluster.
        releases: The releases of the environment; those of others are left alone.

    Raises:
        HelmFailedError: The cluster cannot be reached, or refuses.
    """
    ours = {(release.namespace, release.name) for release in releases}
    pending: list[Any] = json.loads(helm("list", "--all-namespaces", "--pending", "--output", "json") or "[]")
    return [_recovered(helm, entry) for entry in pending if (entry["namespace"], entry["name"]) in ours]


def _recovered(helm: Helm, entry: Any) -> Recovered:
    name, namespace = entry["name"], entry["namespace"]
    history: list[Any] = json.loads(helm("history", name, "--namespace", namespace, "--output", "json"))
    whole = [revision["revision"] for revision in history if revision["status"] in _SETTLED]
    if whole:
        helm("rollback", name, str(whole[-1]), "--namespace", namespace, seconds=_ACT_SECONDS)
        done = f"rolled back to revision {whole[-1]}"
    else:
        helm("uninstall", name, "--namespace", namespace, "--wait", "--timeout", "5m", seconds=_ACT_SECONDS)
        done = "removed, because no installation of it was ever whole"
    return Recovered(name, namespace, entry["status"], done)
