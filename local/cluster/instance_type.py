"""What an EC2 instance type gives to a node: capacity, and what is left of it for pods.

Separate because node groups and Karpenter's launches must agree on it, and because it is arithmetic from a table: EC2's own
description of its types, which moto carries as DescribeInstanceTypes answers it.
"""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mlplatform.local.aws.compute.tables.volta import VOLTA

_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
_RESOURCES = {"NVIDIA": "nvidia.com/gpu", "AMD": "amd.com/gpu", "Habana": "habana.ai/gaudi"}
# A node sees less than what EC2 names, for the kernel and the hypervisor; Karpenter reckons with 7.5 % less, so never above this.
_VISIBLE_MEMORY = 0.95
_IPS_PER_PREFIX = 16
_HOST_NETWORK_PODS = 2
_MANY_VCPUS = 30
_EVICTION_MIB = 100
# Millicores held back for the kubelet: 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest.
_RESERVED_MILLICORES = ((1, 60), (1, 10), (2, 5))
_RESERVED_MILLICORES_BEYOND = 2.5


class UnknownInstanceTypeError(Exception):
    """EC2 has no such instance type."""


@dataclass(frozen=True)
class InstanceType:
    """One EC2 instance type as a node has it."""

    name: str
    architecture: str
    """In Go's word: amd64 or arm64."""
    vcpus: int
    memory_mib: int
    """As EC2 names it."""
    interfaces: int
    addresses_per_interface: int
    accelerators: dict[str, int]
    """By resource name, for example `nvidia.com/gpu`: what a device plugin finds on it."""

    @property
    def max_pods(self) -> int:
        """Pods with prefix delegation, as EKS recommends (https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html)."""
        addresses = self.interfaces * (self.addresses_per_interface - 1) * _IPS_PER_PREFIX + _HOST_NETWORK_PODS
        return min(addresses, 250 if self.vcpus > _MANY_VCPUS else 110)

    def capacity(self, disk_gib: int, pods: int) -> dict[str, str]:
        """Return a node's `status.capacity`, without accelerators."""
        return {
            "cpu": str(self.vcpus),
            "memory": f"{self._visible_kib}Ki",
            "ephemeral-storage": f"{disk_gib * 1024 * 1024}Ki",
            "hugepages-1Gi": "0",
            "hugepages-2Mi": "0",
            "pods": str(pods),
        }

    def allocatable(self, disk_gib: int, pods: int) -> dict[str, str]:
        """Return a node's `status.allocatable`: what EKS's nodes leave (https://awslabs.github.io/amazon-eks-ami/nodeadm/)."""
        reserved_mib = 255 + 11 * pods + _EVICTION_MIB
        return self.capacity(disk_gib, pods) | {
            "cpu": f"{self.vcpus * 1000 - self._reserved_millicores}m",
            "memory": f"{max(self._visible_kib - reserved_mib * 1024, 0)}Ki",
            # A tenth is kept free by eviction, and a GiB is the kubelet's.
            "ephemeral-storage": str(int(disk_gib * 0.9 * 1024**3) - 1024**3),
        }

    @property
    def _visible_kib(self) -> int:
        return int(self.memory_mib * 1024 * _VISIBLE_MEMORY)

    @property
    def _reserved_millicores(self) -> int:
        left, reserved = self.vcpus, 0.0
        for cores, millicores in _RESERVED_MILLICORES:
            reserved += min(cores, left) * millicores
            left = max(left - cores, 0)
        return int(reserved + left * _RESERVED_MILLICORES_BEYOND)


def instance_type(name: str) -> InstanceType:
    """Return an instance type by its name.

    Raises:
        UnknownInstanceTypeError: EC2 has none of that name.
    """
    described = _described().get(name)
    if described is None:
        family = name.partition(".")[0]
        known = ", ".join(sorted(entry for entry in _described() if entry.startswith(f"{family}."))) or "none of that family"
        raise UnknownInstanceTypeError(f"{name!r} is no EC2 instance type; there are {known}")
    network = described["NetworkInfo"]
    return InstanceType(
        name=name,
        architecture=_ARCHITECTURES[described["ProcessorInfo"]["SupportedArchitectures"][-1]],
        vcpus=described["VCpuInfo"]["DefaultVCpus"],
        memory_mib=described["MemoryInfo"]["SizeInMiB"],
        interfaces=network["MaximumNetworkInterfaces"],
        addresses_per_interface=network["Ipv4AddressesPerInterface"],
        accelerators=_accelerators(described),
    )


def _accelerators(described: dict[str, Any]) -> dict[str, int]:
    gpus = described.get("GpuInfo", {}).get("Gpus", [])
    devices = described.get("NeuronInfo", {}).get("NeuronDevices", [])
    found = {_RESOURCES[gpu["Manufacturer"]]: gpu["Count"] for gpu in gpus if gpu["Manufacturer"] in _RESOURCES}
    neuron = sum(device["Count"] for device in devices)
    return found | ({"aws.amazon.com/neuron": neuron} if neuron else {})


@cache
def _described() -> dict[str, Any]:
    packed = files("moto.ec2.resources") / "instance_types.json.gz"
    types: dict[str, Any] = json.loads(gzip.decompress(packed.read_bytes())) | VOLTA
    # Macs are instance types too, and never nodes.
    return {name: entry for name, entry in types.items() if entry["ProcessorInfo"]["SupportedArchitectures"][-1] in _ARCHITECTURES}
