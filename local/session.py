"""The local AWS of one environment, left running until somebody stops it.

Separate from the process itself because a session outlives the command that started it: it is found again by a file.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psutil
from botocore.config import Config

from mlplatform.local.aws.process import LocalAwsError, RunningAws

FOLDER = Path(__file__).resolve().parent.parent / ".local"
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_MODULE = "mlplatform.local.aws"


@dataclass(frozen=True)
class Session:
    """A running local AWS that plays one environment's account."""

    name: str
    """The environment."""
    running: RunningAws

    @property
    def folder(self) -> Path:
        """Where the session's logs and state are."""
        return folder(self.name)

    def stop(self) -> None:
        """Stop the local AWS and all that it started."""
        with suppress(psutil.NoSuchProcess):  # one that has ended by itself is what was asked for
            process = psutil.Process(self.running.pid)
            process.terminate()
            _, alive = psutil.wait_procs([process], _STOP_SECONDS)
            for one in alive:
                one.kill()
        _state_file(self.name).unlink(missing_ok=True)


def client(running: RunningAws, service: str, region: str) -> Any:
    """Return a boto3 client that reaches a local AWS with the keys that its environment exports."""
    exported = running.environment(region, {})
    session: Any = boto3.Session(  # Any: the stubs know only literal names of services
        aws_access_key_id=exported["AWS_ACCESS_KEY_ID"], aws_secret_access_key=exported["AWS_SECRET_ACCESS_KEY"], region_name=region
    )
    return session.client(service, endpoint_url=running.endpoint, config=Config(proxies={}))


def folder(name: str) -> Path:
    """Return the folder of an environment's session."""
    return FOLDER / name


def find(name: str) -> Session | None:
    """Return the environment's session if one runs; a file that a crash left behind is removed."""
    try:
        running = RunningAws.read(_state_file(name))
    except FileNotFoundError:
        return None
    if _is_local_aws(running.pid):
        return Session(name, running)
    _state_file(name).unlink(missing_ok=True)
    return None


def sessions() -> Iterator[Session]:
    """Yield every session that runs."""
    for state in sorted(FOLDER.glob("*/aws.json")):
        if session := find(state.parent.name):
            yield session


def start(name: str, account: str, *, seed: int | None = None) -> Session:
    """Start a local AWS for an environment and leave it running.

    Args:
        name: the environment.
        account: the account to play.
        seed: the order of what nothing orders; a random one unless given.

    Raises:
        LocalAwsError: It did not start.
    """
    folder(name).mkdir(parents=True, exist_ok=True)
    state, log = _state_file(name), folder(name) / "aws.log"
    state.unlink(missing_ok=True)
    command = [sys.executable, "-m", _MODULE, "--account", account, "--state-file", str(state)]
    command += [] if seed is None else ["--seed", str(seed)]
    with log.open("wb") as output:
        # A session of its own: Ctrl-C in the terminal that started it must not end it.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, cwd=FOLDER.parent
        )
    deadline = time.monotonic() + _START_SECONDS
    while not state.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            message = f"the local AWS did not start; {log} ends with:\n{log.read_text(errors='replace')[-2000:]}"
            raise LocalAwsError(message)
        time.sleep(0.05)
    return Session(name, RunningAws.read(state))


def _state_file(name: str) -> Path:
    return folder(name) / "aws.json"


def _is_local_aws(pid: int) -> bool:
    """Whether the process is one of ours: after a restart of the machine its number may be another's."""
    try:
        return _MODULE in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
