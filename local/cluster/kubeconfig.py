"""Kubeconfig files: how a program finds and trusts an API server.

Separate because planes, their components and the sign-in webhook all write them.
"""

import json
from pathlib import Path
from typing import NamedTuple

from mlplatform.local.cluster.private_file import write_private


class Entry(NamedTuple):
    """How one kubeconfig reaches its API server."""

    server: str
    authority: Path
    token: str


def read_kubeconfig(path: Path) -> Entry:
    """Read a kubeconfig that `write_kubeconfig` wrote with an authority and a token."""
    config = json.loads(path.read_text())
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    return Entry(cluster["server"], Path(cluster["certificate-authority"]), user["token"])


def write_kubeconfig(path: Path, *, server: str, authority: Path | None = None, token: str | None = None, name: str = "local") -> None:
    """Write a kubeconfig with one context, readable by this user only.

    Args:
        path: The file, which is written over.
        server: The URL.
        authority: PEM file with the certificate that the server's is signed with; none for plain HTTP.
        token: A bearer token; none for a server that asks for none.
        name: Of cluster, user and context.
    """
    cluster = {"server": server} | ({"certificate-authority": str(authority)} if authority else {})
    user = {"token": token} if token else {}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
    # JSON is YAML.
    write_private(path, json.dumps(config, indent=2).encode())
