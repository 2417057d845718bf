"""What the DaemonSets of a node do that kwok only marks Running: find its accelerators, take the taints off that wait for them.

Separate from the nodes because it goes on while the cluster runs, and because nothing of it happens without the DaemonSet or the
add-on: a device plugin that is missing, or a startup taint that nobody removes, shows here as it does on AWS.
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any

from mlplatform.local.cluster.api import Api, ApiError, ApiUnreachableError, Object
from mlplatform.local.cluster.device_plugins import PLUGINS, registered
from mlplatform.local.cluster.instance_type import UnknownInstanceTypeError, instance_type
from mlplatform.local.cluster.nodes import Nodes

_LOG = logging.getLogger(__name__)
_SECONDS = 0.4
_CONFLICT, _ABSENT = 409, 404
STARTUP_TAINTS = {
    "ebs.csi.aws.com/agent-not-ready": "aws-ebs-csi-driver",
    "efs.csi.aws.com/agent-not-ready": "aws-efs-csi-driver",
}
"""Taints that an add-on's DaemonSet removes once it serves a node, by the EKS add-on that brings it.

Source: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md#configure-node-startup-taint
"""


class NodeAgents:
    """Plays the agents on every node of one cluster, between `start` and `stop`."""

    def __init__(self, api: Api, nodes: Nodes, addons: Callable[[], Collection[str]]) -> None:
        """Prepare; nothing is played yet.

        Args:
            api: the cluster's API server.
            nodes: its nodes.
            addons: answers the names of the EKS add-ons that are installed now.
        """
        self._api, self._nodes, self._addons = api, nodes, addons
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Play until `stop`."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._play, name="node-agents", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Play no more; it may be called twice."""
        self._ended.set()
        if self._thread:
            self._thread.join()
            self._thread = None

    def act(self) -> None:
        """Look once at every node, and do what is to do.

        Raises:
            ApiUnreachableError: The API server does not answer.
        """
        nodes = [node for node in self._api.get("/api/v1/nodes")["items"] if _is_ready(node)]
        accelerated = [(node, devices) for node in nodes if (devices := _devices(node))]
        plugins: Mapping[str, Mapping[str, int]] = registered(self._api) if accelerated else {}
        for node, devices in accelerated:
            counted = plugins.get(_name(node), {})
            self._show(node, {name: count * counted.get(name, 0) for name, count in devices.items()})
        installed = self._addons()
        for node in nodes:
            self._untaint(node, {taint for taint, addon in STARTUP_TAINTS.items() if addon in installed})

    def _play(self) -> None:
        while not self._ended.wait(_SECONDS):
            try:
                self.act()
            except (ApiError, ApiUnreachableError) as error:
                _LOG.warning("agents of nodes: %s", error)

    def _show(self, node: Object, devices: Mapping[str, int]) -> None:
        shown: Mapping[str, str] = node["status"].get("allocatable", {})
        if any(int(shown.get(name, 0)) != count for name, count in devices.items()):
            _with_node(lambda: self._nodes.set_devices(_name(node), devices))

    def _untaint(self, node: Object, removed: Collection[str]) -> None:
        taints: list[dict[str, Any]] = node["spec"].get("taints", [])
        left = [taint for taint in taints if taint["key"] not in removed]
        if len(left) < len(taints):
            # With its version, so that a taint that somebody else sets meanwhile is not lost.
            patch = {"metadata": {"resourceVersion": node["metadata"]["resourceVersion"]}, "spec": {"taints": left}}
            _with_node(lambda: self._api.patch(f"/api/v1/nodes/{_name(node)}", patch))


def _with_node(action: Callable[[], object]) -> None:
    """Do something to a node that may have changed or gone since it was read: the next look sees it as it is."""
    try:
        action()
    except ApiError as error:
        if error.status not in {_CONFLICT, _ABSENT}:
            raise


def _is_ready(node: Object) -> bool:
    conditions: list[dict[str, str]] = node.get("status", {}).get("conditions") or []
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _devices(node: Object) -> Mapping[str, int]:
    """Return the accelerators of a node's instance type that a plugin here registers."""
    try:
        found = instance_type(node["metadata"].get("labels", {}).get("node.kubernetes.io/instance-type", "")).accelerators
    except UnknownInstanceTypeError:
        return {}
    return {name: count for name, count in found.items() if name in PLUGINS.values() and count}


def _name(node: Object) -> str:
    return str(node["metadata"]["name"])
