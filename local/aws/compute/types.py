"""Instance types: what each is made of, and which of them a region offers.

Separate because launches, prices and nodes all ask the same table.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from mlplatform.config.instances import FAMILIES, OFFERED
from mlplatform.local.aws.compute.tables.volta import VOLTA

_GPU_RESOURCES = {"NVIDIA": "nvidia.com/gpu", "AMD": "amd.com/gpu", "Habana": "habana.ai/gaudi"}


def described(name: str) -> Mapping[str, Any]:
    """Return what `DescribeInstanceTypes` says of a type.

    Raises:
        KeyError: No such type is known.
    """
    return _known()[name]


@cache
def _known() -> Mapping[str, Mapping[str, Any]]:
    return {**INSTANCE_TYPES, **VOLTA}


@cache
def offered(region: str) -> frozenset[str] | None:
    """Return the types that a region offers: those of the platform's table and the metal ones of the same families.

    For a region without a table it is None: there moto's data stands.
    """
    if region not in OFFERED:
        return None
    return frozenset(name for name in _known() if _is_offered(name, OFFERED[region]))


def _is_offered(name: str, families: frozenset[str]) -> bool:
    family, _, size = name.partition(".")
    return family in families and (size in FAMILIES[family].sizes or size.startswith("metal"))


def vcpus(name: str) -> int:
    """Return how many vCPUs a type has."""
    return int(described(name)["VCpuInfo"]["DefaultVCpus"])


def memory_mib(name: str) -> int:
    """Return the nominal memory of a type."""
    return int(described(name)["MemoryInfo"]["SizeInMiB"])


def architecture(name: str) -> str:
    """Return a type's architecture in EC2's words, `x86_64` or `arm64`."""
    architectures: list[str] = described(name)["ProcessorInfo"]["SupportedArchitectures"]
    return "arm64" if "arm64" in architectures else "x86_64"


def addresses_per_node(name: str) -> int:
    """Return how many pods the VPC CNI can give an address on a type: the node's maximum unless its kubelet is told otherwise.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
    """
    network = described(name)["NetworkInfo"]
    interfaces = network["NetworkCards"][network.get("DefaultNetworkCardIndex", 0)]["MaximumNetworkInterfaces"]
    return int(interfaces) * (int(network["Ipv4AddressesPerInterface"]) - 1) + 2


def local_disks_gb(name: str) -> int:
    """Return the size of a type's own disks together, 0 without any."""
    return int(described(name).get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0))


def accelerators(name: str) -> dict[str, int]:
    """Return what a device plugin would register on a node of that type, `{"nvidia.com/gpu": 1}`."""
    found: dict[str, int] = {}
    for gpu in described(name).get("GpuInfo", {}).get("Gpus", []):
        resource = _GPU_RESOURCES.get(gpu["Manufacturer"])
        if resource and gpu["Count"]:
            found[resource] = found.get(resource, 0) + int(gpu["Count"])
    neuron = sum(int(device["Count"]) for device in described(name).get("NeuronInfo", {}).get("NeuronDevices", []))
    if neuron:
        found["aws.amazon.com/neuron"] = neuron
    interfaces = described(name)["NetworkInfo"].get("EfaInfo", {}).get("MaximumEfaInterfaces", 0)
    if interfaces:
        found["vpc.amazonaws.com/efa"] = int(interfaces)
    return found
