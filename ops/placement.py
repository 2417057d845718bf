"""Which node a pod of a size would get: a model of Karpenter's choice over the tables of config.

Separate because it is a model. Karpenter decides by the prices and the capacity of the moment, and by what else waits:
https://karpenter.sh/docs/concepts/scheduling/
"""

import re
from collections.abc import Iterable

from mlplatform.config.instance_types import InstanceType
from mlplatform.config.node_capacity import Capacity, node_capacity
from mlplatform.config.offers import launchable
from mlplatform.config.prices import on_demand
from mlplatform.config.quantities import cpu_millis, memory_mib
from mlplatform.config.sections import Pool
from mlplatform.config.settings import Settings

AGENTS = Capacity(cpu_millis=400, memory_mib=600, pods=8)
"""What the DaemonSets of a node ask for together, at most: network, volumes, logs and GPUs."""


def parse_request(text: str) -> Capacity:
    """Return what a text like `gpu=1,cpu=500m,memory=32Gi` asks for.

    Raises:
        ValueError: It does not have that form; the message says what is wrong with it.
    """
    asked: dict[str, int] = {}
    for part in text.split(","):
        name, _, value = (word.strip() for word in part.partition("="))
        if name not in _READ:
            raise ValueError(f"{part.strip()!r} is not one of gpu=COUNT, cpu=CPUS and memory=BYTES")
        if name in asked:
            raise ValueError(f"{name} is there twice")
        try:
            asked[name] = _READ[name](value)
        except ValueError as error:
            raise ValueError(f"{name}={error}") from None
    return Capacity(asked.get("cpu", 0), asked.get("memory", 0), pods=1, gpus=asked.get("gpu", 0))


def _gpus(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]?", value):
        raise ValueError(f"{value} is not a whole number from 1 to 99")
    return int(value)


_READ = {"gpu": _gpus, "cpu": cpu_millis, "memory": memory_mib}


def choose(settings: Settings, asked: Capacity) -> tuple[Pool, InstanceType] | None:
    """Return the pool and the type of the node that a pod would get, None where no pool takes it.

    Karpenter tries pools by weight and then by name, and takes the cheapest type; without prices the smallest is taken for it.
    """
    pools = sorted(settings.compute.pools.values(), key=lambda pool: (-(pool.weight or 0), pool.name))
    for pool in pools:
        fitting = [kind for kind in launchable(pool, settings.region) if why_not(settings, pool, asked, [kind]) is None]
        if fitting:
            return pool, min(fitting, key=lambda kind: _cost(settings.region, kind))
    return None


def why_not(settings: Settings, pool: Pool, asked: Capacity, kinds: Iterable[InstanceType] | None = None) -> str | None:
    """Return why a pool takes no pod of a size, None where it does."""
    nodes = [room(pool, kind) for kind in (launchable(pool, settings.region) if kinds is None else kinds)]
    if bool(asked.gpus) != pool.has_gpus:
        return "its nodes have no GPUs" if asked.gpus else "its nodes take only pods that ask for a GPU"
    if any(taint.effect != "PreferNoSchedule" for taint in pool.taints):
        return f"its nodes take only pods that tolerate {', '.join(taint.key for taint in pool.taints)}"
    if pool.sharing and asked.gpus > 1:
        return "its GPUs are shared, and a pod can have one share"
    most = max(node.gpus for node in nodes)
    if asked.gpus > most:
        return f"its nodes have {most} GPU{'s' * (most > 1)} at most: raise gpus_per_node, or add a pool"
    if any(node.holds(asked) for node in nodes):
        return None
    most_cpu, most_memory = (max(getattr(node, name) for node in nodes) for name in ("cpu_millis", "memory_mib"))
    return f"a pod can have {most_cpu / 1_000:g} CPUs and {most_memory // 1024} GiB of its largest nodes"


def room(pool: Pool, kind: InstanceType) -> Capacity:
    """Return what pods can have of a node of a pool beside its agents."""
    node = node_capacity(kind)
    shares = pool.sharing.replicas if pool.sharing else 1
    return Capacity(node.cpu_millis - AGENTS.cpu_millis, node.memory_mib - AGENTS.memory_mib, node.pods - AGENTS.pods, node.gpus * shares)


def _cost(region: str, kind: InstanceType) -> tuple[float, int, int]:
    price = on_demand(region, kind.name)
    return (price if price is not None else float("inf"), kind.vcpus, kind.memory_mib)
