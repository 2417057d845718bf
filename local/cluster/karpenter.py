"""Karpenter's own AWS controller as a process of the local cluster.

Separate from the control plane because it runs against the local AWS too, with the credentials and rights that it has on EKS.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

import urllib3

from mlplatform.local.cluster.api import Api
from mlplatform.local.cluster.karpenter_settings import KarpenterError, KarpenterSettings
from mlplatform.local.cluster.kubeconfig import write_kubeconfig
from mlplatform.local.cluster.ports import free_ports
from mlplatform.local.cluster.private_file import write_private
from mlplatform.local.cluster.processes import Processes

_NAME = "karpenter"
_AUDIENCE = "sts.amazonaws.com"
# A kubelet would renew its tokens; here one that outlives every session does without that.
_TOKEN_SECONDS = 365 * 24 * 3600
_START_SECONDS = 60.0


class Listener(NamedTuple):
    """A port that a program of others opens on every interface of this machine."""

    what: str
    port: int


@dataclass(frozen=True)
class Surroundings:
    """What the controller finds around it."""

    api: Api
    url: str
    """Of the API server."""
    authority: Path
    """PEM file of what its certificate is signed with."""
    kubeconfig: Path
    """An administrator's, for a controller without a ServiceAccount."""
    aws_endpoint: str
    region: str


class Karpenter:
    """One controller; `start` after the nodes that it may run beside, `stop` before the control plane."""

    def __init__(self, program: Path, processes: Processes, folder: Path, around: Surroundings) -> None:
        """Prepare; nothing runs yet.

        Args:
            program: the controller.
            processes: those of the control plane, which it is started and ended with.
            folder: for its credentials.
            around: what it talks to.
        """
        self._program, self._processes, self._folder, self._around = program, processes, folder, around
        self.listeners: tuple[Listener, ...] = ()

    def start(self, settings: KarpenterSettings) -> None:
        """Start the controller and return once it is ready.

        Raises:
            KarpenterError: It was not ready in time.
            ProcessError: It ended; the message quotes it.
        """
        metrics, health = free_ports(2)
        # Its code binds both to every interface and knows no address to bind to instead.
        self.listeners = (Listener("Karpenter's metrics", metrics), Listener("Karpenter's health probe", health))
        ours = {
            "METRICS_PORT": str(metrics),
            "HEALTH_PROBE_PORT": str(health),
            # One process runs, however many replicas the Deployment has; after a kill it would wait for its own lease.
            "DISABLE_LEADER_ELECTION": "true",
            "KUBECONFIG": str(self._kubeconfig(settings)),
            "AWS_ENDPOINT_URL": self._around.aws_endpoint,
            # The SDK asks STS for its credentials before it reads the line above.
            "AWS_ENDPOINT_URL_STS": self._around.aws_endpoint,
            "GOMEMLIMIT": "256MiB",
            **self._credentials(settings),
        }
        self._processes.start(_NAME, (self._program, *settings.arguments), {**settings.environment, **ours})
        self._wait(lambda: _answers(health))

    def stop(self, *, at_once: bool = False) -> None:
        """End the controller, by SIGKILL where `at_once`; it may be called twice."""
        self._processes.stop(_NAME, at_once=at_once)
        self.listeners = ()

    @property
    def runs(self) -> bool:
        """Whether the controller runs."""
        return _NAME in self._processes.pids()

    @property
    def log(self) -> Path:
        """What it says, since it was started last."""
        return self._processes.logs / f"{_NAME}.log"

    def complaints(self, levels: tuple[str, ...] = ("ERROR",)) -> list[str]:
        """Return what it logged at these levels since it was started last, and what it said outside its log format."""
        return [line for line, level in self._lines() if level is None or level in levels]

    def _lines(self) -> Iterator[tuple[str, str | None]]:
        for line in self.log.read_text(errors="replace").splitlines():
            try:
                entry: Any = json.loads(line)
            except ValueError:
                yield line, None
                continue
            parts = (entry.get("message"), entry.get("error"), entry.get("NodeClaim") or entry.get("EC2NodeClass") or "")
            yield (
                " - ".join(json.dumps(part) if isinstance(part, dict) else str(part) for part in parts if part),
                cast("str", entry["level"]),
            )

    def _kubeconfig(self, settings: KarpenterSettings) -> Path:
        if settings.service_account is None:
            return self._around.kubeconfig
        path = self._folder / "karpenter.kubeconfig"
        token = self._token(settings.namespace, settings.service_account, None)
        write_kubeconfig(path, server=self._around.url, authority=self._around.authority, token=token)
        return path

    def _credentials(self, settings: KarpenterSettings) -> dict[str, str]:
        """Return the variables that EKS's webhook gives a pod whose ServiceAccount has a role (IRSA)."""
        token_file = self._folder / "karpenter.token"
        account = settings.service_account or "default"
        write_private(token_file, self._token(settings.namespace, account, _AUDIENCE).encode())
        return {
            "AWS_ROLE_ARN": settings.role_arn,
            "AWS_WEB_IDENTITY_TOKEN_FILE": str(token_file),
            "AWS_STS_REGIONAL_ENDPOINTS": "regional",
            "AWS_REGION": self._around.region,
            "AWS_DEFAULT_REGION": self._around.region,
        }

    def _token(self, namespace: str, account: str, audience: str | None) -> str:
        spec = {"expirationSeconds": _TOKEN_SECONDS} | ({"audiences": [audience]} if audience else {})
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
        answer = self._around.api.create(f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token", body)
        return str(answer["status"]["token"])

    def _wait(self, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + _START_SECONDS
        while not ready():
            self._processes.check()
            if time.monotonic() > end:
                raise KarpenterError(f"Karpenter was not ready after {_START_SECONDS:.0f} s: {self._processes.last_words(_NAME)}")
            time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with urllib3.PoolManager(retries=False, timeout=2) as pool:
            return pool.request("GET", f"http://127.0.0.1:{port}/readyz").status == 200  # noqa: PLR2004 - HTTP's own number
    except urllib3.exceptions.HTTPError:
        return False
