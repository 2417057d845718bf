"""What pools may launch, what they leave out and which quotas they need, as rows.

Separate from the command because its table and its JSON say the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mlplatform.config.instance_types import InstanceType
from mlplatform.config.offers import launchable, left_out
from mlplatform.config.prices import on_demand
from mlplatform.config.quotas import Quota, quota
from mlplatform.config.sections import Pool
from mlplatform.config.settings import Settings


@dataclass(frozen=True)
class Offer:
    """One instance type that a pool may launch."""

    pool: str
    type: str
    gpus: int
    gpu: str | None
    gpu_memory_gib: float | None
    """Memory of each GPU."""
    vcpus: int
    memory_gib: float
    price: float | None
    """On demand, an hour; None where no source is known."""
    currency: str
    capacity: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """Families that a pool launches nothing of, for one reason."""

    pool: str
    families: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Ask:
    """How much of a quota a pool needs."""

    pool: str
    code: str
    quota: str
    least_vcpus: int
    """For as many nodes of its smallest types as its limits allow."""
    most_vcpus: int
    """The same of its largest."""
    zero_in_new_account: bool


def offer(settings: Settings, pool: Pool, kind: InstanceType) -> Offer:
    """Return what a pool's instance type has and costs."""
    return Offer(
        pool=pool.name,
        type=kind.name,
        gpus=kind.gpus,
        gpu=kind.gpu or None,
        gpu_memory_gib=round(kind.gpu_memory_mib / 1024, 1) or None,
        vcpus=kind.vcpus,
        memory_gib=kind.memory_mib / 1024,
        price=on_demand(settings.region, kind.name),
        currency=settings.place.partition.currency,
        capacity=pool.capacity,
    )


def offers(settings: Settings, pool: Pool) -> list[Offer]:
    """Return every type that a pool may launch."""
    return [offer(settings, pool, kind) for kind in launchable(pool, settings.region)]


def leavings(settings: Settings, pool: Pool) -> list[LeftOut]:
    """Return the families that a pool leaves out, those with the same reason together."""
    reasons = sorted(left_out(pool, settings.region).items(), key=lambda item: item[1])
    groups = groupby(reasons, key=lambda item: item[1])
    return [LeftOut(pool.name, tuple(family for family, _ in group), why) for why, group in groups]


def asks(settings: Settings, pool: Pool) -> Iterator[Ask]:
    """Yield the quotas that a pool needs; on demand and spot are counted apart."""
    types = launchable(pool, settings.region)
    for capacity in pool.capacity:
        counted: dict[Quota, list[int]] = {}
        for kind in types:
            counted.setdefault(quota(kind.family, capacity), []).append(_vcpus_at_limit(pool, kind))
        for needed, vcpus in counted.items():
            yield Ask(pool.name, needed.code, needed.name, min(vcpus), max(vcpus), needed.for_gpus)


def _vcpus_at_limit(pool: Pool, kind: InstanceType) -> int:
    """Return the vCPUs of as many nodes of one type as a pool's limits allow."""
    limits = pool.limits
    most: Sequence[int] = [
        *([limits.gpus // kind.gpus] if limits.gpus and kind.gpus else []),
        *([limits.vcpus // kind.vcpus] if limits.vcpus else []),
        *([limits.memory_gib * 1024 // kind.memory_mib] if limits.memory_gib else []),
    ]
    return min(most, default=0) * kind.vcpus
