"""What pods can have of a node: its type's CPUs and memory, less what the system keeps.

Separate because checks of system nodes and the choice of a pool's node must reckon alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mlplatform.config.instance_types import InstanceType, instance_type
from mlplatform.config.instances import most_pods
from mlplatform.config.sections import SystemNodes

_HYPERVISOR_SHARE = 0.075
"""Memory that a type names and its node does not have, at most: Karpenter's default for `settings.vmMemoryOverheadPercent`."""
_EVICTION_MIB = 100
_CPU_RESERVED = ((1_000, 0.06), (1_000, 0.01), (2_000, 0.005))
"""Shares of the first, second and next two CPUs, in thousandths; of all further ones a quarter of a per cent."""


@dataclass(frozen=True)
class Capacity:
    """Resources for pods, or asked for by them."""

    cpu_millis: int
    memory_mib: int
    pods: int = 0
    gpus: int = 0

    def holds(self, other: "Capacity") -> bool:
        """Whether another fits."""
        return (
            self.cpu_millis >= other.cpu_millis
            and self.memory_mib >= other.memory_mib
            and self.pods >= other.pods
            and self.gpus >= other.gpus
        )


def node_capacity(kind: InstanceType) -> Capacity:
    """Return what pods can have of a node of a type.

    What is kept: https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
    """
    pods = most_pods(kind.name)
    kept = 255 + 11 * pods + _EVICTION_MIB
    return Capacity(
        cpu_millis=kind.vcpus * 1_000 - _reserved_cpu(kind.vcpus * 1_000),
        memory_mib=int(kind.memory_mib * (1 - _HYPERVISOR_SHARE)) - kept,
        pods=pods,
        gpus=kind.gpus,
    )


def system_capacity(nodes: SystemNodes) -> Capacity:
    """Return what the platform's pods can have while one system node is missing.

    A node group may launch any of its types, so each node counts as the least of them.
    """
    least = _least(node_capacity(instance_type(name)) for name in nodes.instance_types)
    running = nodes.desired - 1
    return Capacity(least.cpu_millis * running, least.memory_mib * running, least.pods * running)


def _least(found: Iterable[Capacity]) -> Capacity:
    kinds = list(found)
    return Capacity(
        cpu_millis=min(kind.cpu_millis for kind in kinds),
        memory_mib=min(kind.memory_mib for kind in kinds),
        pods=min(kind.pods for kind in kinds),
    )


def _reserved_cpu(millis: int) -> int:
    reserved, left = 0.0, millis
    for step, share in _CPU_RESERVED:
        taken = min(left, step)
        reserved += taken * share
        left -= taken
    return int(reserved + left * 0.0025)
