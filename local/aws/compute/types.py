"""Instance types: what each is made of, and which of them a region offers.

Separate because launches, prices and nodes all ask the same table.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from mlplatform.config.instances import FAMILIES, OFFERED
from mlplatform.local.aws.compute.tables.volta import VOLTA


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
