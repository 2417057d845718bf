"""What pods mount: files of a ConfigMap or Secret, and room for what a program writes.

Separate because a container's root file system is read-only, so that nearly every pod mounts something.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def scratch(name: str) -> dict[str, Any]:
    """Return a volume that is empty when the pod starts, for what a program writes and nobody keeps."""
    empty: dict[str, Any] = {}
    return {"name": name, "emptyDir": empty}


def config_volume(name: str, source: str) -> dict[str, Any]:
    """Return a volume with the files of a ConfigMap."""
    return {"name": name, "configMap": {"name": source}}


def secret_volume(name: str, source: str) -> dict[str, Any]:
    """Return a volume with the files of a Secret."""
    return {"name": name, "secret": {"secretName": source}}


def checksum(*content: Mapping[str, Any]) -> dict[str, str]:
    """Return the annotation that replaces pods when what they read at their start changes, such as a ConfigMap: https://helm.sh/docs/howto/charts_tips_and_tricks/ ."""
    written = json.dumps(content, sort_keys=True)
    return {"checksum/config": sha256(written.encode()).hexdigest()[:16]}
