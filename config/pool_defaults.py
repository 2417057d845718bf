"""The defaults of pools: what a pool is unless a file says otherwise, by stage and by what its nodes have.

Separate from the other sections' because a pool is named by the user, and its defaults follow from what it says of itself.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from mlplatform.config.accelerators import GPU_FAMILIES

CPU_POOL = "cpu"
"""The pool that every environment has: it takes the pods of tenants that need no GPU."""

CPU_FAMILIES = ("m5", "m6i", "c5", "c6i", "r5", "r6i")
"""Offered and priced in every region with tables; several, so that spot finds one with capacity."""

_STAGES: dict[str, dict[str, Any]] = {
    "dev": {"capacity": ["spot", "on-demand"], "idle_seconds": 60},
    "prod": {"capacity": ["on-demand"], "idle_seconds": 300},
}
_LIMITS: dict[tuple[str, bool], dict[str, int]] = {
    ("dev", False): {"vcpus": 64},
    ("dev", True): {"gpus": 4},
    ("prod", False): {"vcpus": 256},
    ("prod", True): {"gpus": 16},
}
"""By stage and whether nodes have GPUs."""

_CPU: dict[str, Any] = {
    "sizes": ["large", "xlarge", "2xlarge", "4xlarge"],
    "disk": {"gib": 100, "throughput": 125},
    "image_pull": "standard",
    "instance_store": "none",
    "expiry_hours": 720,
}
_GPU: dict[str, Any] = {
    "disk": {"gib": 200, "throughput": 600},
    "image_pull": "fast",
    "instance_store": "raid0",
    "expiry_hours": None,
}


def pool_defaults(said: Mapping[str, Mapping[str, Any]], stage: str) -> dict[str, dict[str, Any]]:
    """Return the defaults of each pool by name: of those that a file names, and of `cpu`.

    Args:
        said: What the file says of each pool.
        stage: `dev` or `prod`.
    """
    beside = {} if CPU_POOL in said else {CPU_POOL: _defaults(CPU_POOL, {}, stage)}
    return beside | {name: _defaults(name, pool, stage) for name, pool in said.items()}


def _defaults(name: str, pool: Mapping[str, Any], stage: str) -> dict[str, Any]:
    has_gpus = pool.get("accelerator") == "nvidia"
    made = deepcopy({**(_GPU if has_gpus else _CPU), **_STAGES[stage], "limits": _LIMITS[stage, has_gpus]})
    if has_gpus and not _has_local_disks(pool.get("families")):
        made["instance_store"] = "none"
    return {**made, "families": list(CPU_FAMILIES)} if name == CPU_POOL and not has_gpus else made


def _has_local_disks(families: object) -> bool:
    known = [GPU_FAMILIES[name] for name in GPU_FAMILIES if isinstance(families, list) and name in families]
    return not known or any(family.local_disks for family in known)
