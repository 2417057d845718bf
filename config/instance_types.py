"""What one EC2 instance type is made of, and which a region offers.

Separate from the tables because pools, checks and the capacity of nodes ask for a type by its name.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mlplatform.config.accelerators import GPU_FAMILIES
from mlplatform.config.instances import FAMILIES, OFFERED, system_families, vcpus


@dataclass(frozen=True)
class InstanceType:
    """An instance type of a family with tables, never a metal one."""

    name: str
    vcpus: int
    memory_mib: int
    gpus: int = 0
    gpu: str = ""
    """The kind of GPU, empty without."""
    gpu_memory_mib: int = 0
    """Memory of each GPU."""
    local_disks: bool = False
    """Whether it has NVMe disks of its own."""

    @property
    def family(self) -> str:
        """The part before the point."""
        return self.name.partition(".")[0]

    @property
    def size(self) -> str:
        """The part after the point."""
        return self.name.partition(".")[2]


def instance_type(name: str) -> InstanceType:
    """Return an instance type by its name.

    Raises:
        KeyError: It is of no family with tables, or of a size that its family lacks.
    """
    family, _, size = name.partition(".")
    if size not in FAMILIES[family].sizes:
        raise KeyError(name)
    if family in GPU_FAMILIES:
        kind = GPU_FAMILIES[family]
        gpus, gib = kind.sizes[size]
        return InstanceType(name, vcpus(name), gib * 1024, gpus, kind.gpu, kind.gpu_memory_mib, kind.local_disks)
    ratio = FAMILIES[family].gib_per_vcpu
    if ratio is None:
        raise KeyError(name)
    return InstanceType(name, vcpus(name), int(vcpus(name) * ratio * 1024))


def of_family(family: str) -> Iterator[InstanceType]:
    """Yield the types of a family with tables, from the smallest."""
    yield from (instance_type(f"{family}.{size}") for size in FAMILIES[family].sizes)


def pool_families(region: str, *, gpus: bool) -> tuple[str, ...]:
    """Return the families that pools can be of in a region, in the order of the tables.

    Args:
        region: The name of a region with tables.
        gpus: Those with NVIDIA GPUs, or those without accelerators.
    """
    if not gpus:
        return system_families(region)
    return tuple(family for family in GPU_FAMILIES if family in OFFERED[region])
