"""What a pool may launch where its environment is, and why the rest is left out.

Separate because checks refuse by it, manifests choose by it and `mlp pools` shows it.
"""

from collections.abc import Mapping

from mlplatform.config.accelerators import GPU_FAMILIES, UNUSABLE
from mlplatform.config.instance_types import InstanceType, of_family, pool_families
from mlplatform.config.instances import FAMILIES, OFFERED
from mlplatform.config.sections import Pool


def launchable(pool: Pool, region: str) -> tuple[InstanceType, ...]:
    """Return the types that a pool may launch in a region, family by family in the pool's order.

    Args:
        pool: A pool; families that the region lacks are left out.
        region: The name of a region with tables.
    """
    offered = pool_families(region, gpus=pool.has_gpus)
    return tuple(kind for family in pool.families if family in offered for kind in of_family(family) if allows(pool, kind))


def allows(pool: Pool, kind: InstanceType) -> bool:
    """Whether a pool's sizes and GPUs a node leave a type in."""
    return (not pool.sizes or kind.size in pool.sizes) and kind.gpus <= (pool.gpus_per_node if pool.has_gpus else 0)


def left_out(pool: Pool, region: str) -> Mapping[str, str]:
    """Return why a pool launches no type of a family, by the name of each other family of its kind that has tables."""
    known = [*GPU_FAMILIES, *UNUSABLE] if pool.has_gpus else [name for name, row in FAMILIES.items() if row.serves_system_nodes]
    launched = {kind.family for kind in launchable(pool, region)}
    return {family: why_not(pool, region, family) for family in known if family not in launched}


def why_not(pool: Pool, region: str, family: str) -> str:
    """Return why a pool launches no type of a family, as what follows the family's name and a colon."""
    if family in UNUSABLE:
        return UNUSABLE[family]
    if family not in OFFERED[region]:
        return f"not offered in {region}"
    fewest = min(kind.gpus for kind in of_family(family))
    if pool.has_gpus and fewest > pool.gpus_per_node:
        return f"{fewest} GPUs a node or more, and gpus_per_node is {pool.gpus_per_node}"
    if family in pool.families:
        return f"no type of the pool's sizes{' with as few GPUs as gpus_per_node' if pool.has_gpus else ''}"
    return "offered, and not among the pool's families"
