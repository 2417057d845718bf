"""One control plane for all workers of a pytest run.

Separate from the fixtures because sharing is the hard part: whoever comes first starts it, and ends it when the last has left.
A worker that crashes leaves by itself, because its lock goes with it.
"""

import fcntl
import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from mlplatform.local.cluster.access import Access, AccessEntry, PolicyAssociation
from mlplatform.local.cluster.api import Api, ApiUnreachableError
from mlplatform.local.cluster.kubeconfig import read_kubeconfig
from mlplatform.local.cluster.nodes import JoiningNode
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane
from mlplatform.local.cluster.token import EksToken

REGION = "cn-north-1"
ZONES = ("cn-north-1a", "cn-north-1b")
ISSUER = eks_issuer(REGION, "0123456789ABCDEF0123456789ABCDEF")
ACCESS_KEYS = "access"
"""The folder in which a test puts who has an access key, so that workers other than the plane's can."""


@contextmanager
def shared_plane(folder: Path) -> Generator[Path]:
    """Give the kubeconfig of the plane in `folder`, which runs for as long as anybody is in here."""
    folder.mkdir(exist_ok=True)
    with (folder / "users").open("w") as users:
        with _alone(folder):
            fcntl.flock(users, fcntl.LOCK_SH)
            mine = None if _runs(folder) else _start(folder)
        try:
            yield _kubeconfig(folder)
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if mine:
                with _alone(folder):
                    fcntl.flock(users, fcntl.LOCK_EX)
                    mine.stop()


def let_in(folder: Path, access_key: str, caller: str, entry: AccessEntry | None) -> None:
    """Say whose an access key is and which access entry the caller has."""
    written = None if entry is None else [entry.principal_arn, entry.groups, entry.policies]
    part = folder / f".{access_key}"
    part.write_text(json.dumps({"caller": caller, "entry": written}))
    part.rename(folder / ACCESS_KEYS / access_key)


def _start(folder: Path) -> ControlPlane:
    (folder / ACCESS_KEYS).mkdir(exist_ok=True)
    access = Access(lambda token: _caller(folder, token), lambda: _entries(folder))
    plane = ControlPlane(folder / "plane", Options(issuer=ISSUER, access=access))
    plane.start()
    for number, zone in enumerate(ZONES, start=10):
        name = f"ip-10-0-0-{number}.{REGION}.compute.internal"
        plane.nodes.add(
            JoiningNode(
                name=name,
                instance_id=f"i-{number:017x}",
                instance_type="m5.2xlarge",
                region=REGION,
                zone=zone,
                address=f"10.0.0.{number}",
                labels={"eks.amazonaws.com/nodegroup": "system"},
            )
        )
    return plane


def _runs(folder: Path) -> bool:
    kubeconfig = _kubeconfig(folder)
    if not kubeconfig.exists():
        return False
    try:
        return Api(*read_kubeconfig(kubeconfig)).text("/readyz") == "ok"
    except ApiUnreachableError:
        return False


def _kubeconfig(folder: Path) -> Path:
    return folder / "plane" / "kubeconfig"


def _caller(folder: Path, token: EksToken) -> str | None:
    note = folder / ACCESS_KEYS / token.access_key
    return json.loads(note.read_text())["caller"] if note.exists() else None


def _entries(folder: Path) -> list[AccessEntry]:
    notes = (json.loads(path.read_text())["entry"] for path in (folder / ACCESS_KEYS).iterdir())
    return [
        AccessEntry(arn, groups=tuple(groups), policies=tuple(PolicyAssociation(policy, tuple(where)) for policy, where in policies))
        for arn, groups, policies in filter(None, notes)
    ]


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    with (folder / "start").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
