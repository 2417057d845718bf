"""The local AWS of one environment, left running until somebody stops it.

Separate from the process itself because a session outlives the command that started it: it is found again by a file, and what a
killed command left is found by a mark in its environment.
"""

import os
import shutil
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
from filelock import FileLock

from mlplatform.local.aws.process import LocalAwsError, RunningAws
from mlplatform.local.cluster import ownership

_ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("MLP_LOCAL") or _ROOT / ".local").resolve()
"""Where sessions keep their files: `.local` in the repository unless MLP_LOCAL names another folder."""
MARK = "MLPLATFORM_SESSION"
"""The variable that everything of a session carries, with its folder."""
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

    def environment(self) -> dict[str, str]:
        """Return the environment of what is started for this session, so that `stop` finds it."""
        return {**os.environ, **_marked(self.name)}

    def stop(self) -> None:
        """Stop the local AWS and all that it started."""
        stop(self.name)


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


def known() -> list[str]:
    """Return the environments that have a folder here, whether anything runs for them or not."""
    return sorted(path.name for path in FOLDER.glob("*") if path.is_dir())


def start(name: str, account: str, *, seed: int | None = None, cluster: bool = False) -> Session:
    """Start a local AWS for an environment and leave it running.

    Args:
        name: the environment.
        account: the account to play.
        seed: the order of what nothing orders; a random one unless given.
        cluster: let control planes stand behind EKS's clusters.

    Raises:
        LocalAwsError: It did not start.
    """
    folder(name).mkdir(parents=True, exist_ok=True)
    # Two that start one environment at once get one local AWS.
    with FileLock(folder(name) / ".start"):
        if existing := find(name):
            return existing
        stop(name)
        return _start(name, account, seed=seed, cluster=cluster)


def _start(name: str, account: str, *, seed: int | None, cluster: bool) -> Session:
    state, log = _state_file(name), folder(name) / "aws.log"
    command = [sys.executable, "-m", _MODULE, "--account", account, "--state-file", str(state)]
    command += [] if seed is None else ["--seed", str(seed)]
    command += ["--cluster", "--folder", str(folder(name) / "clusters")] if cluster else []
    with log.open("wb") as output:
        # A session of its own: Ctrl-C in the terminal that started it must not end it.
        process = subprocess.Popen(
            command,
            env={**os.environ, **_marked(name)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=_ROOT,
        )
    deadline = time.monotonic() + _START_SECONDS
    while not state.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            message = f"the local AWS did not start; {log} ends with:\n{log.read_text(errors='replace')[-2000:]}"
            raise LocalAwsError(message)
        time.sleep(0.05)
    return Session(name, RunningAws.read(state))


def stop(name: str) -> bool:
    """End everything of an environment's session, also what a killed command left, and say whether there was anything.

    The local AWS is asked first, so that it ends its clusters in order; what is left then is found by its mark.
    """
    session = find(name)
    ended = _end(_process(session.running.pid)) if session else 0
    # A command line that watches its own end may start something more; it is gone at the second look.
    for _ in range(2):
        ended += _end(ownership.carrying(MARK, str(folder(name))))
    _state_file(name).unlink(missing_ok=True)
    swept = ownership.sweep()
    for plane in (folder(name) / "clusters").glob("*/*"):
        # Keys, tokens and data are of no use without their cluster; logs may be.
        for part in plane.iterdir():
            if part.name != "logs":
                shutil.rmtree(part) if part.is_dir() else part.unlink()
    return bool(ended or swept)


def _process(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [psutil.Process(pid)]
    return []


def _end(processes: list[psutil.Process]) -> int:
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # one that has ended by itself is what was asked for
            process.terminate()
    _, alive = psutil.wait_procs(processes, _STOP_SECONDS)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, _STOP_SECONDS)
    return len(processes)


def _marked(name: str) -> dict[str, str]:
    return {MARK: str(folder(name))}


def _state_file(name: str) -> Path:
    return folder(name) / "aws.json"


def _is_local_aws(pid: int) -> bool:
    """Whether the process is one of ours: after a restart of the machine its number may be another's."""
    try:
        # The command line of one that was killed and not collected is empty.
        return _MODULE in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
