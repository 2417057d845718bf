"""The Node that an instance becomes: its name, labels, taints and resources, from what it is and what its user data says.

Separate from the joining because it is a function of the instance, and all that Karpenter compares with its own expectation.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from io import StringIO
from typing import Any, cast

from moto.ec2.models.instances import Instance
from ruamel.yaml import YAML

from mlplatform.local.aws.compute import types
from mlplatform.local.aws.compute.tables.images import ROOT_GIB

_NODE_CONFIG = "application/node.eks.aws"
_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
# A guest sees less than the nominal memory; Karpenter reckons with 7.5 % less and must never be promised more than there is.
_VISIBLE_MEMORY = 0.96
_CPU_RESERVED = ((1_000, 0.06), (1_000, 0.01), (2_000, 0.005))
_CPU_RESERVED_BEYOND = 0.0025
_EVICTION_MIB = 100


@dataclass(frozen=True)
class NodeConfig:
    """What an AL2023 node reads in its user data, as far as it is played (https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/)."""

    cluster: str
    labels: Mapping[str, str]
    taints: Iterable[Mapping[str, Any]]
    maximum_pods: int | None
    joins_disks: bool
    """Whether the instance's own disks hold pods and images."""


def node_config(user_data: str) -> NodeConfig | None:
    """Return what the user data of an instance, in base64, tells its kubelet; None where it is no node of EKS's.

    Raises:
        ValueError: The user data says what it says in a form that nodeadm does not read.
    """
    merged: dict[str, Any] = {}
    for part in message_from_bytes(base64.b64decode(user_data)).walk():
        if part.get_content_type() == _NODE_CONFIG:
            document: Any = YAML(typ="safe").load(StringIO(cast("bytes", part.get_payload(decode=True)).decode()))  # pyright: ignore[reportUnknownMemberType]
            _merge(merged, document.get("spec") or {})
    if not merged:
        return None
    kubelet = merged.get("kubelet", {})
    config = kubelet.get("config", {})
    return NodeConfig(
        cluster=merged["cluster"]["name"],
        labels=_labels(kubelet.get("flags", [])),
        taints=config.get("registerWithTaints") or [],
        maximum_pods=config.get("maxPods"),
        joins_disks=merged.get("instance", {}).get("localStorage", {}).get("strategy") == "RAID0",
    )


def node_of(instance: Instance, config: NodeConfig, zone_id: str, kubernetes: str) -> dict[str, Any]:
    """Return the Node object with which an instance's kubelet registers itself and which the cloud's controller has labelled.

    Accelerators are not among its resources: a device plugin adds them.

    Args:
        instance: a running instance.
        config: what its user data says.
        zone_id: the id of its zone, `cnn1-az1`.
        kubernetes: the version of its kubelet.
    """
    name, zone = instance.private_dns_name, str(instance.availability_zone)
    architecture = _ARCHITECTURES[types.architecture(instance.instance_type)]
    labels = {
        **config.labels,
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
        "node.kubernetes.io/instance-type": instance.instance_type,
        "topology.kubernetes.io/region": instance.region_name,
        "topology.kubernetes.io/zone": zone,
        "topology.k8s.aws/zone-id": zone_id,
    }
    capacity, allocatable = _resources(instance, config)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {"providerID": f"aws:///{zone}/{instance.id}", "taints": [dict(taint) for taint in config.taints]},
        "status": {
            "capacity": capacity,
            "allocatable": allocatable,
            "addresses": [{"type": "InternalIP", "address": instance.private_ip}, {"type": "Hostname", "address": name}],
            "nodeInfo": {
                "architecture": architecture,
                "operatingSystem": "linux",
                "osImage": "Amazon Linux 2023",
                "kubeletVersion": kubernetes,
                **dict.fromkeys(("bootID", "containerRuntimeVersion", "kernelVersion", "kubeProxyVersion", "machineID", "systemUUID"), ""),
            },
        },
    }


def _resources(instance: Instance, config: NodeConfig) -> tuple[dict[str, str], dict[str, str]]:
    """Return capacity and what EKS's reservations leave of it.

    Source: https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
    """
    pods = config.maximum_pods or types.addresses_per_node(instance.instance_type)
    millicores = types.vcpus(instance.instance_type) * 1_000
    memory = int(types.memory_mib(instance.instance_type) * _VISIBLE_MEMORY)
    disk = _disk_mib(instance, config)
    capacity = {"cpu": str(millicores // 1_000), "memory": f"{memory}Mi", "pods": str(pods), "ephemeral-storage": f"{disk}Mi"}
    allocatable = {
        "cpu": f"{millicores - _cpu_reserved(millicores)}m",
        "memory": f"{memory - 255 - 11 * pods - _EVICTION_MIB}Mi",
        "pods": str(pods),
        "ephemeral-storage": f"{int(disk * 0.9) - 1_024}Mi",
    }
    return capacity, allocatable


def _disk_mib(instance: Instance, config: NodeConfig) -> int:
    if config.joins_disks and (own := types.local_disks_gb(instance.instance_type)):
        return own * 1_000**3 // 1_024**2
    devices = dict(instance.get_block_device_mapping)
    root = devices.get(instance.root_device_name) or next(iter(devices.values()), None)
    return int(root.size if root else ROOT_GIB) * 1_024


def _cpu_reserved(millicores: int) -> int:
    reserved, left = 0.0, millicores
    for width, share in _CPU_RESERVED:
        reserved += min(left, width) * share
        left = max(left - width, 0)
    return int(reserved + left * _CPU_RESERVED_BEYOND)


def _labels(flags: Iterable[str]) -> dict[str, str]:
    pairs = [flag.removeprefix("--node-labels=").strip("\"'") for flag in flags if flag.startswith("--node-labels=")]
    return dict(label.split("=", 1) for labels in pairs for label in labels.split(",") if label)


def _merge(target: dict[str, Any], source: Mapping[str, Any]) -> None:
    """Merge as nodeadm does: later parts win, lists of flags add up."""
    for key, value in source.items():
        known = target.get(key)
        if isinstance(known, dict) and isinstance(value, Mapping):
            _merge(cast("dict[str, Any]", known), cast("Mapping[str, Any]", value))
        elif key == "flags" and isinstance(known, list):
            target[key] = [*cast("list[Any]", known), *value]
        else:
            target[key] = value
