"""The node that an instance becomes: what it is, and what its user data tells its kubelet.

Separate from the joining because it is a function of the instance, in which every field is one that Karpenter compares.
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
from mlplatform.local.cluster.nodes import JoiningNode, Taint

_NODE_CONFIG = "application/node.eks.aws"
_GIB = 1024**3


@dataclass(frozen=True)
class NodeConfig:
    """What an AL2023 node reads in its user data, as far as it is played (https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/)."""

    cluster: str
    labels: Mapping[str, str]
    taints: tuple[Taint, ...]
    maximum_pods: int | None
    joins_disks: bool
    """Whether the instance's own disks hold pods and images."""


def node_config(user_data: str) -> NodeConfig | None:
    """Return what the user data of an instance, in base64, tells its kubelet; None where it is no node of EKS's."""
    merged: dict[str, Any] = {}
    for part in message_from_bytes(base64.b64decode(user_data)).walk():
        if part.get_content_type() == _NODE_CONFIG:
            text = cast("bytes", part.get_payload(decode=True)).decode()
            document: Any = YAML(typ="safe").load(StringIO(text))  # pyright: ignore[reportUnknownMemberType] - ruamel.yaml does not annotate it
            _merge(merged, document.get("spec") or {})
    if not merged:
        return None
    kubelet = merged.get("kubelet", {})
    config = kubelet.get("config", {})
    return NodeConfig(
        cluster=merged["cluster"]["name"],
        labels=_labels(kubelet.get("flags", [])),
        taints=tuple(Taint(taint["key"], taint["effect"], taint.get("value", "")) for taint in config.get("registerWithTaints") or ()),
        maximum_pods=config.get("maxPods"),
        joins_disks=merged.get("instance", {}).get("localStorage", {}).get("strategy") == "RAID0",
    )


def joining_node(instance: Instance, config: NodeConfig, zone_id: str) -> JoiningNode:
    """Return the node that a running instance becomes; its accelerators are for a device plugin to find."""
    return JoiningNode(
        name=instance.private_dns_name,
        instance_id=instance.id,
        instance_type=instance.instance_type,
        region=instance.region_name,
        zone=str(instance.availability_zone),
        zone_id=zone_id or None,
        address=instance.private_ip,
        labels=config.labels,
        taints=config.taints,
        # Karpenter reckons with as many as the interfaces give addresses for, and so does nodeadm unless it is told otherwise.
        max_pods=config.maximum_pods or types.addresses_per_node(instance.instance_type),
        disk_gib=_disk_gib(instance, config),
    )


def _disk_gib(instance: Instance, config: NodeConfig) -> int:
    if config.joins_disks and (own := types.local_disks_gb(instance.instance_type)):
        return own * 1000**3 // _GIB
    devices = dict(instance.get_block_device_mapping)
    root = devices.get(instance.root_device_name) or next(iter(devices.values()), None)
    return int(root.size) if root else ROOT_GIB


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
