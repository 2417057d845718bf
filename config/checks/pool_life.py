"""Checks of how many nodes a pool has, how they are shared and when they go."""

from collections.abc import Iterator

from mlplatform.config.checks.cron import cron_problem
from mlplatform.config.offers import launchable
from mlplatform.config.problems import Problem, shown
from mlplatform.config.sections import Budget, Pool
from mlplatform.config.settings import Settings

_CUDA_CONTEXT_MIB = 512
"""GPU memory below which a process has none left after the driver's own; about 300 to 500 MiB go to its context."""


def _limits_are_of_its_kind(pool: Pool, settings: Settings) -> Iterator[Problem]:
    path, limits = f"compute.pools.{pool.name}.limits", pool.limits
    types = launchable(pool, settings.region)
    if pool.has_gpus and limits.gpus is None:
        yield Problem(f"{path}.gpus", "nothing limits a GPU pool", "write how many GPUs it may have at a time")
    elif pool.has_gpus and limits.gpus is not None and types and limits.gpus < min(kind.gpus for kind in types):
        fewest = min(kind.gpus for kind in types)
        yield Problem(f"{path}.gpus", f"{limits.gpus} is less than the smallest node has", f"write {fewest} or more", f"{fewest} or more")
    if not pool.has_gpus and pool.gpus_per_node > 1:
        message = f"{pool.gpus_per_node} allows nothing, because accelerator is none"
        yield Problem(f"compute.pools.{pool.name}.gpus_per_node", message, "remove it")
    if not pool.has_gpus and limits.gpus is not None:
        remedy = "remove it, and limit vcpus or memory_gib"
        yield Problem(f"{path}.gpus", f"{limits.gpus} limits nothing, because accelerator is none", remedy)
    if limits.vcpus is not None and types and limits.vcpus < min(kind.vcpus for kind in types):
        fewest = min(kind.vcpus for kind in types)
        yield Problem(f"{path}.vcpus", f"{limits.vcpus} is less than the smallest node has", f"write {fewest} or more", f"{fewest} or more")
    if limits.memory_gib is not None and types and limits.memory_gib * 1024 < min(kind.memory_mib for kind in types):
        least = -(-min(kind.memory_mib for kind in types) // 1024)
        message = f"{limits.memory_gib} is less than the smallest node has"
        yield Problem(f"{path}.memory_gib", message, f"write {least} or more", f"{least} or more")


def _sharing_is_possible(pool: Pool, settings: Settings) -> Iterator[Problem]:
    path, sharing = f"compute.pools.{pool.name}.sharing", pool.sharing
    if sharing and not pool.has_gpus:
        yield Problem(path, f"{shown(sharing.strategy)} has no GPU to share, because accelerator is none", "remove it")
    elif sharing and sharing.strategy == "mps":
        types = launchable(pool, settings.region)
        least = min((kind.gpu_memory_mib for kind in types), default=0)
        if types and least // sharing.replicas < _CUDA_CONTEXT_MIB:
            most = least // _CUDA_CONTEXT_MIB
            message = f"mps gives each of {sharing.replicas} pods {least // sharing.replicas} MiB, less than a CUDA context takes"
            remedy = f"write {most} or less, or time-slicing, which does not divide memory"
            yield Problem(f"{path}.replicas", message, remedy, f"2 to {most} with mps")


def _gpu_nodes_do_not_expire(pool: Pool, _: Settings) -> Iterator[Problem]:
    if pool.has_gpus and pool.expiry_hours is not None:
        message = f"{pool.expiry_hours} would end jobs: no budget holds back the expiry of a node"
        yield Problem(f"compute.pools.{pool.name}.expiry_hours", message, "remove it: idle nodes go by idle_seconds", "none on GPU pools")


def _budgets_are_possible(pool: Pool, _: Settings) -> Iterator[Problem]:
    for position, budget in enumerate(pool.budgets):
        path = f"compute.pools.{pool.name}.budgets[{position}]"
        yield from _schedule(path, budget)
        if pool.has_gpus and budget.reasons != ("Empty",):
            message = "would let Karpenter take GPU nodes away under a job"
            yield Problem(f"{path}.reasons", message, "write reasons: [Empty]", "[Empty] on GPU pools")
        elif budget.nodes in {"0", "0%"} and not budget.schedule and (not budget.reasons or "Empty" in budget.reasons):
            remedy = "add schedule and hours, or write a larger number"
            yield Problem(f"{path}.nodes", f"{shown(budget.nodes)} would keep empty nodes, and their cost, for ever", remedy)


def _schedule(path: str, budget: Budget) -> Iterator[Problem]:
    if bool(budget.schedule) != bool(budget.hours):
        present, absent = ("schedule", "hours") if budget.schedule else ("hours", "schedule")
        yield Problem(f"{path}.{present}", f"needs {absent} beside it", f"add {absent}, or remove it")
    if budget.schedule and (wrong := cron_problem(budget.schedule)):
        remedy = "write minute, hour, day of month, month and day of week, as 0 9 * * mon-fri"
        yield Problem(f"{path}.schedule", f"{shown(budget.schedule)} is no schedule: {wrong}", remedy)


CHECKS = (
    (_limits_are_of_its_kind, ("accelerator", "families", "sizes", "gpus_per_node", "limits"), ("region",)),
    (_sharing_is_possible, ("accelerator", "families", "sizes", "gpus_per_node", "sharing"), ("region",)),
    (_gpu_nodes_do_not_expire, ("accelerator", "expiry_hours"), ()),
    (_budgets_are_possible, ("accelerator", "budgets"), ()),
)
