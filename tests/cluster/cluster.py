"""The cluster that a test talks to, through the programs that a user has: kubectl and Helm.

Separate from the fixtures because the same tests run on a real cluster, where all that is known is its kubeconfig.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mlplatform.local.programs import helm_path, kubectl_path

Object = dict[str, Any]
WAIT = "60s"


class RefusedError(Exception):
    """kubectl or Helm failed; the message is its own."""


class Cluster:
    """One API server as one user."""

    def __init__(self, kubeconfig: Path, *, local: bool) -> None:
        self.kubeconfig = kubeconfig
        self.local = local
        """Whether kwok plays its nodes: then every image runs, and a pod ends when its annotations say so."""

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl and return what it prints."""
        return self._run([kubectl_path(), *arguments], stdin)

    def helm(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Run Helm, with more variables where they are given, and return what it prints."""
        return self._run([helm_path(), *arguments], None, environment)

    def apply(self, *objects: Object, namespace: str | None = None) -> str:
        """Apply objects server-side, as Helm 4 does."""
        return self.kubectl("apply", "--server-side", *_in(namespace), "--filename=-", stdin=_list(objects))

    def get(self, *what: str, namespace: str | None = None) -> Object:
        """Return an object or a list."""
        return json.loads(self.kubectl("get", *what, *_in(namespace), "--output=json"))

    def wait(self, what: str, condition: str, namespace: str | None = None) -> None:
        """Wait until an object is as `kubectl wait --for` says."""
        self.kubectl("wait", what, f"--for={condition}", f"--timeout={WAIT}", *_in(namespace))

    def _run(self, command: list[str | Path], stdin: str | None, further: Mapping[str, str] | None = None) -> str:
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.kubeconfig.parent), "KUBECONFIG": str(self.kubeconfig), **(further or {})}
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, timeout=120, check=False)
        if done.returncode:
            raise RefusedError(done.stderr.strip())
        return done.stdout


def _in(namespace: str | None) -> list[str]:
    return [f"--namespace={namespace}"] if namespace else []


def _list(objects: Iterable[Object]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
