"""A local AWS in a process of its own, for as long as a `with` block lasts.

Separate from the server so that tests and commands can have one without importing moto, and several accounts at once.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from mlplatform.local.aws.regions import partition_of

_PATIENCE = 60.0
_STOP_SECONDS = 30.0
_FOREIGN = ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class LocalAwsError(Exception):
    """The local AWS did not start; the message has the end of what it said."""


@dataclass(frozen=True)
class RunningAws:
    """Where a local AWS answers; what its state file says."""

    endpoint: str
    pid: int
    account: str
    seed: int
    cluster: bool = False
    """Whether control planes stand behind EKS's clusters."""

    @classmethod
    def read(cls, state_file: Path) -> Self:
        """Return what the state file of a running local AWS says."""
        return cls(**json.loads(state_file.read_text()))

    def environment(self, region: str, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment in which the CDK CLI, the aws CLI and SDKs reach this AWS and nothing else.

        Args:
            region: the default region.
            base: what to start from; the process's own environment by default.
        """
        start = os.environ if base is None else base
        foreign = {*_FOREIGN, *_PROXIES, *(name.lower() for name in _PROXIES)}
        return {
            **{name: value for name, value in start.items() if name not in foreign},
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self._access_key(region),
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def _access_key(self, region: str) -> str:
        """Return a key of this server and partition alone: the CDK CLI remembers on disk which account and partition a key belongs to."""
        identity = f"{self.endpoint}/{self.pid}/{self.account}/{partition_of(region).name}"
        return "LOCAL" + b32encode(hashlib.sha256(identity.encode()).digest()).decode()[:15]


class LocalAws:
    """Start a local AWS on entering, stop it on leaving, whatever happens between."""

    def __init__(self, *, account: str, seed: int | None = None, grace: float = 5.0, port: int = 0, cluster: bool = False) -> None:
        arguments = {"--account": account, "--port": port, "--grace": grace, **({} if seed is None else {"--seed": seed})}
        self._arguments = [text for name, value in arguments.items() for text in (name, str(value))]
        self._cluster = cluster
        self._running: RunningAws | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="mlplatform-aws-")
        self.log = Path(self._folder.name) / "log"
        state = Path(self._folder.name) / "state.json"
        command = [sys.executable, "-m", "mlplatform.local.aws", *self._arguments, "--state-file", str(state), "--attached"]
        command += ["--cluster", "--folder", str(Path(self._folder.name) / "clusters")] if self._cluster else []
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        try:
            self._running = self._started(state)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.terminate()
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    @property
    def running(self) -> RunningAws:
        """Where it answers."""
        if self._running is None:
            raise LocalAwsError("the local AWS is not started; use it in a `with` block")
        return self._running

    @property
    def endpoint(self) -> str:
        """The URL of every service."""
        return self.running.endpoint

    def environment(self, region: str) -> dict[str, str]:
        """Return the environment that leads command lines and SDKs here."""
        return self.running.environment(region)

    def _started(self, state: Path) -> RunningAws:
        deadline = time.monotonic() + _PATIENCE
        while not state.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise LocalAwsError(f"the local AWS did not start:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        return RunningAws.read(state)
