"""Waiting for what EKS makes.

Separate because clusters, node groups and add-ons all take their time, and say why they fail in the same way.
"""

from collections.abc import Mapping
from typing import Any

from mlplatform.local.aws.resources.inputs import nested
from mlplatform.local.aws.resources.lifetime import wait_until

_CLUSTER_SECONDS = 300.0
_NODES_SECONDS = 300.0
_ADDON_SECONDS = 60.0
_WORKING = ("CREATING", "UPDATING")


def wait_for_cluster(eks: Any, name: str) -> dict[str, Any]:
    """Return a cluster's description once it is active."""
    return _wait(f"cluster {name}", lambda: eks.describe_cluster(name=name)["cluster"], _CLUSTER_SECONDS)


def wait_for_nodegroup(eks: Any, cluster: str, name: str) -> dict[str, Any]:
    """Return a node group's description once its nodes are there."""
    return _wait(f"node group {name}", lambda: eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"], _NODES_SECONDS)


def wait_for_addon(eks: Any, cluster: str, name: str) -> dict[str, Any]:
    """Return an add-on's description once it is healthy; one that lacks nodes fails at once, as nothing else will make them."""
    return _wait(f"add-on {name}", lambda: eks.describe_addon(clusterName=cluster, addonName=name)["addon"], _ADDON_SECONDS)


def _wait(what: str, describe: Any, seconds: float) -> dict[str, Any]:
    latest: dict[str, Any] = {}

    def look() -> str:
        latest.update(describe())
        return latest["status"]

    wait_until(what, look, "ACTIVE", _WORKING, seconds=seconds, reason=lambda: _issues(latest))
    return latest


def _issues(described: Mapping[str, Any]) -> str:
    issues: list[dict[str, str]] = nested(described, "health", "issues") or []
    return "; ".join(f"{issue['code']}: {issue['message']}" for issue in issues) or "EKS gives no reason"
