"""Brings the nodes of managed node groups to what EKS says of the groups: how many, made from what, labelled and tainted how.

Separate from their instances: this part waits until Kubernetes has what EC2 was asked for.
"""

import subprocess
import time
from collections.abc import Callable, Collection
from pathlib import Path

from moto.ec2.models.instances import Instance

from mlplatform.local.aws.clusters.managed_instances import ManagedInstances
from mlplatform.local.aws.services.eks import NodeGroupState
from mlplatform.local.cluster.api import Api, ApiError, Object
from mlplatform.local.programs import kubectl_path

_NODES = "/api/v1/nodes"
_JOIN_SECONDS = 120.0
_LEAVE_SECONDS = 30.0
_DRAIN_SECONDS = 20
_NEVER_JOINED = "Instances failed to join the kubernetes cluster"
"""EKS's words: https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html"""


class NodesMissingError(Exception):
    """Instances did not become nodes, or nodes did not go; the message is the health of their group."""


class NodeGroups:
    """The managed node groups of one cluster."""

    def __init__(self, api: Api, kubeconfig: Path) -> None:
        self._api, self._kubeconfig = api, kubeconfig
        self._known: dict[str, NodeGroupState] = {}

    def bring(self, group: NodeGroupState) -> None:
        """Make, change and end nodes until the group is as it should be.

        Raises:
            NodesMissingError: Its nodes were not Ready, or not gone, in time.
        """
        instances = ManagedInstances(group)
        before = self._known.get(group.arn)
        if before:
            self._relabel(ManagedInstances(before), instances)
        self._known[group.arn] = group
        instances.launch(max(group.desired - len(instances.current()), 0))
        self._wait_for(instances.current())
        # Nodes of an older version or template go once those that replace them serve.
        current = {instance.id for instance in instances.current()}
        outdated = [instance for instance in instances.running() if instance.id not in current]
        self._end(instances, outdated + instances.surplus(max(len(current) - group.desired, 0)), drain=group.desired > 0)
        if not group.desired:
            del self._known[group.arn]
            instances.forget()

    def _relabel(self, before: ManagedInstances, after: ManagedInstances) -> None:
        """Give nodes that stay the labels and taints that the group has now, and leave those of others."""
        gone = dict.fromkeys(before.labels.keys() - after.labels.keys())
        ours = {(taint["key"], taint["effect"]) for taint in before.taints}
        if before.labels == after.labels and before.taints == after.taints:
            return
        for instance in after.current():
            path = f"{_NODES}/{instance.private_dns_name}"
            node = self._api.get(path)
            others = [taint for taint in node["spec"].get("taints", []) if (taint["key"], taint["effect"]) not in ours]
            self._api.patch(path, {"metadata": {"labels": {**after.labels, **gone}}, "spec": {"taints": others + after.taints}})

    def _wait_for(self, instances: Collection[Instance]) -> None:
        names = {instance.private_dns_name for instance in instances}
        if not _happens(lambda: names <= self._ready(), _JOIN_SECONDS):
            missing = sorted(names - self._ready())
            raise NodesMissingError(f"{_NEVER_JOINED}: {', '.join(missing)}")

    def _end(self, managed: ManagedInstances, instances: list[Instance], *, drain: bool) -> None:
        for instance in instances if drain else ():
            self._drain(instance.private_dns_name)
        managed.terminate(instances)
        names = {instance.private_dns_name for instance in instances}
        if not _happens(lambda: not names & self._all(), _LEAVE_SECONDS):
            raise NodesMissingError(f"nodes did not go: {', '.join(sorted(names & self._all()))}")

    def _drain(self, name: str) -> None:
        # Disruption budgets are kept for a while; EKS too goes on when they hold a node for ever, or fails the update.
        command = [
            kubectl_path(),
            "drain",
            name,
            "--ignore-daemonsets",
            "--delete-emptydir-data",
            "--force",
            f"--timeout={_DRAIN_SECONDS}s",
        ]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self._kubeconfig.parent), "KUBECONFIG": str(self._kubeconfig)}
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def _ready(self) -> set[str]:
        return {node["metadata"]["name"] for node in self._listed() if _is_ready(node)}

    def _all(self) -> set[str]:
        return {node["metadata"]["name"] for node in self._listed()}

    def _listed(self) -> list[Object]:
        return self._api.get(_NODES)["items"]


def _happens(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except ApiError:
            pass  # the API server is busy; the next look decides
        time.sleep(0.1)
    return False


def _is_ready(node: Object) -> bool:
    conditions: list[dict[str, str]] = node.get("status", {}).get("conditions") or []
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
