"""Nodes that join as EKS's do: from an instance, with its labels, taints and capacity.

Separate because node groups and Karpenter's launches end in the same object, and only their labels and taints differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from mlplatform.local.cluster.api import Api, Object
from mlplatform.local.cluster.instance_type import instance_type

_PATH = "/api/v1/nodes"
# Without the second, Kubernetes attaches no volume: https://kubernetes.io/docs/reference/labels-annotations-taints/
_KUBELET_ANNOTATIONS = {"node.alpha.kubernetes.io/ttl": "0", "volumes.kubernetes.io/controller-managed-attach-detach": "true"}


class Taint(NamedTuple):
    """Keeps pods away that do not tolerate it."""

    key: str
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
    value: str = ""


@dataclass(frozen=True)
class JoiningNode:
    """An instance whose kubelet registers itself."""

    name: str
    """Its private DNS name, for example `ip-10-0-1-23.cn-north-1.compute.internal`."""
    instance_id: str
    instance_type: str
    region: str
    zone: str
    zone_id: str | None = None
    address: str | None = None
    """Its private IPv4 address."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Beyond those that every node has, for example `eks.amazonaws.com/nodegroup`."""
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])
    taints: Sequence[Taint] = ()
    max_pods: int | None = None
    """What its user data says; prefix delegation's number where it says nothing."""
    disk_gib: int = 20
    devices: Mapping[str, int] = field(default_factory=dict[str, int])
    """Accelerators that a device plugin has already found, by resource; `Nodes.set_devices` changes them later."""


class Nodes:
    """The nodes of one cluster."""

    def __init__(self, api: Api, kubelet_version: str) -> None:
        self._api = api
        self._kubelet_version = kubelet_version

    def add(self, node: JoiningNode) -> Object:
        """Let a node join; it is Ready a moment later.

        Raises:
            UnknownInstanceTypeError: EC2 has no such instance type.
            ApiError: With status 409 where a node of that name exists.
        """
        return self._api.create(_PATH, self._object(node))

    def names(self) -> list[str]:
        """Return the names of the nodes that there are."""
        return [item["metadata"]["name"] for item in self._api.get(_PATH)["items"]]

    def remove(self, name: str) -> None:
        """Take a node away as the cloud's controller does when its instance is gone; its pods are then lost."""
        self._api.delete(f"{_PATH}/{name}")

    def set_devices(self, name: str, devices: Mapping[str, int]) -> None:
        """Say which accelerators the device plugin of a node reports, for example `{"nvidia.com/gpu": 1}`."""
        amounts = {resource: str(count) for resource, count in devices.items()}
        self._api.patch(f"{_PATH}/{name}/status", {"status": {"capacity": amounts, "allocatable": amounts}})

    def set_taints(self, name: str, taints: Sequence[Taint]) -> None:
        """Replace a node's taints."""
        self._api.patch(f"{_PATH}/{name}", {"spec": {"taints": _taints(taints)}})

    def _object(self, node: JoiningNode) -> Object:
        kind = instance_type(node.instance_type)
        pods = node.max_pods or kind.max_pods
        devices = {resource: str(count) for resource, count in node.devices.items()}
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": node.name,
                "labels": _labels(node, kind.architecture) | dict(node.labels),
                "annotations": {**_KUBELET_ANNOTATIONS, **node.annotations},
            },
            "spec": {"providerID": f"aws:///{node.zone}/{node.instance_id}", "taints": _taints(node.taints)},
            "status": {
                "capacity": kind.capacity(node.disk_gib, pods) | devices,
                "allocatable": kind.allocatable(node.disk_gib, pods) | devices,
                "addresses": _addresses(node),
                "nodeInfo": self._system(node, kind.architecture),
            },
        }

    def _system(self, node: JoiningNode, architecture: str) -> dict[str, str]:
        return {
            "architecture": architecture,
            "operatingSystem": "linux",
            "osImage": "Amazon Linux 2023 (played by kwok)",
            "kernelVersion": "6.12",
            "containerRuntimeVersion": "containerd://2.1",
            "kubeletVersion": f"v{self._kubelet_version}",
            "kubeProxyVersion": f"v{self._kubelet_version}",
            "machineID": node.instance_id,
            "systemUUID": node.instance_id,
            "bootID": node.instance_id,
        }


def _labels(node: JoiningNode, architecture: str) -> dict[str, str]:
    """Labels of kubelet and cloud provider (https://kubernetes.io/docs/reference/labels-annotations-taints/)."""
    labels = {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
        "beta.kubernetes.io/os": "linux",
        "beta.kubernetes.io/arch": architecture,
        "node.kubernetes.io/instance-type": node.instance_type,
        "beta.kubernetes.io/instance-type": node.instance_type,
        "topology.kubernetes.io/region": node.region,
        "topology.kubernetes.io/zone": node.zone,
        "failure-domain.beta.kubernetes.io/region": node.region,
        "failure-domain.beta.kubernetes.io/zone": node.zone,
    }
    return labels | ({"topology.k8s.aws/zone-id": node.zone_id} if node.zone_id else {})


def _addresses(node: JoiningNode) -> list[dict[str, str]]:
    names = [{"type": kind, "address": node.name} for kind in ("Hostname", "InternalDNS")]
    return ([{"type": "InternalIP", "address": node.address}] if node.address else []) + names


def _taints(taints: Sequence[Taint]) -> list[dict[str, Any]]:
    return [{"key": taint.key, "effect": taint.effect} | ({"value": taint.value} if taint.value else {}) for taint in taints]
