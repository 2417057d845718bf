"""Kubeconfig files: how a program finds and trusts an API server.

Separate because planes, their components and the sign-in webhook all write them.
"""

import json
from pathlib import Path

from mlplatform.local.cluster.private_file import write_private


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
