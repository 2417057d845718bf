"""Checks of pools: which nodes Karpenter may start for each."""

from collections.abc import Callable, Iterator
from functools import partial

from mlplatform.config.accelerators import GPU_FAMILIES, UNUSABLE
from mlplatform.config.checks import pool_life, pool_nodes
from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import Rule, rule
from mlplatform.config.instance_types import of_family, pool_families
from mlplatform.config.instances import FAMILIES, OFFERED
from mlplatform.config.offers import allows, why_not
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.sections import Pool
from mlplatform.config.settings import Settings

PoolCheck = Callable[[Pool, Settings], Iterator[Problem]]


def _families_are_offered(pool: Pool, settings: Settings) -> Iterator[Problem]:
    path, region = f"compute.pools.{pool.name}.families", settings.region
    offered = pool_families(region, gpus=pool.has_gpus)
    kind = "with NVIDIA GPUs" if pool.has_gpus else "without accelerators"
    for position, family in enumerate(pool.families):
        at, allowed = f"{path}[{position}]", listed(offered)
        if family in offered:
            continue
        if family in UNUSABLE and pool.has_gpus:
            yield Problem(at, f"{shown(family)} cannot be used: {UNUSABLE[family]}", "use one of them", allowed)
        elif family in GPU_FAMILIES and not pool.has_gpus:
            remedy = f"write `accelerator: nvidia` in compute.pools.{pool.name}, or use a family without them"
            yield Problem(at, f"{shown(family)} has NVIDIA GPUs, and accelerator is none", remedy, allowed)
        elif family in FAMILIES and family not in OFFERED[region]:
            yield Problem(at, f"{shown(family)} is not offered in {region}", "use one of them", allowed)
        else:
            yield Problem(at, f"{shown(family)} is not a family {kind} that pools can be of", "use one of them", allowed)
    yield from repeated(path, pool.families)


def _sizes_exist(pool: Pool, settings: Settings) -> Iterator[Problem]:
    path = f"compute.pools.{pool.name}.sizes"
    families = [family for family in pool.families if family in pool_families(settings.region, gpus=pool.has_gpus)]
    known = list(dict.fromkeys(kind.size for family in families for kind in of_family(family)))
    for position, size in enumerate(pool.sizes):
        if size not in known:
            yield Problem(f"{path}[{position}]", f"{shown(size)} is not a size of {listed(families)}", "use one of them", listed(known))
    yield from repeated(path, pool.sizes)


def _each_family_has_a_type(pool: Pool, settings: Settings) -> Iterator[Problem]:
    path = f"compute.pools.{pool.name}.families"
    for position, family in enumerate(pool.families):
        if not any(allows(pool, kind) for kind in of_family(family)):
            message = f"{shown(family)} adds nothing: {why_not(pool, settings.region, family)}"
            types = listed(
                f"{kind.name} with {kind.gpus} GPU{'s' * (kind.gpus > 1)}" if pool.has_gpus else kind.name for kind in of_family(family)
            )
            remedy = f"remove it, or change {'gpus_per_node or ' * pool.has_gpus}sizes of compute.pools.{pool.name}"
            yield Problem(f"{path}[{position}]", message, remedy, types)


def _zones_are_of_the_network(pool: Pool, settings: Settings) -> Iterator[Problem]:
    path, zones = f"compute.pools.{pool.name}.zones", settings.network.availability_zones
    for position, zone in enumerate(pool.zones):
        if zone not in zones:
            message = f"the network has no subnet in {shown(zone)}"
            yield Problem(f"{path}[{position}]", message, "name zones of network.availability_zones, or remove the list", listed(zones))
    yield from repeated(path, pool.zones)


def _capacity_can_be_had(pool: Pool, _: Settings) -> Iterator[Problem]:
    path, reserved = f"compute.pools.{pool.name}", "reserved" in pool.capacity
    if reserved and not pool.capacity_reservations:
        remedy = "list the ids of your reservations in capacity_reservations, or remove reserved"
        yield Problem(f"{path}.capacity", "'reserved' without a reservation to use", remedy)
    if pool.capacity_reservations and not reserved:
        message = f"{listed(pool.capacity_reservations)} would never be used, because capacity has no reserved"
        yield Problem(f"{path}.capacity_reservations", message, "add reserved to capacity, or remove the list")
    yield from repeated(f"{path}.capacity", pool.capacity)
    yield from repeated(f"{path}.capacity_reservations", pool.capacity_reservations)


def _a_pool_takes_every_pod(settings: Settings) -> Iterator[Problem]:
    if not any(pool.is_open for pool in settings.compute.pools.values()):
        message = "no pool is without GPUs and without a taint, so that nothing takes the other pods of tenants"
        yield Problem("compute.pools", message, "leave `cpu` without taints and accelerator, or add such a pool")


_CHECKS: tuple[tuple[PoolCheck, tuple[str, ...], tuple[str, ...]], ...] = (
    (_families_are_offered, ("accelerator", "families"), ("region",)),
    (_sizes_exist, ("accelerator", "families", "sizes"), ("region",)),
    (_each_family_has_a_type, ("accelerator", "families", "sizes", "gpus_per_node"), ("region",)),
    (_zones_are_of_the_network, ("zones",), ("region", "network.availability_zones")),
    (_capacity_can_be_had, ("capacity", "capacity_reservations"), ()),
    *pool_life.CHECKS,
    *pool_nodes.CHECKS,
)
"""Checks of a pool, with its settings that each reads and the environment's."""

RULES = (rule(_a_pool_takes_every_pod, "compute.pools"),)


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield the rules of each pool of an environment."""
    for pool in settings.compute.pools.values():
        for check, own, others in _CHECKS:
            paths = (f"compute.pools.{pool.name}.{name}" for name in own)
            yield rule(partial(check, pool), *paths, *others)
