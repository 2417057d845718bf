"""The EC2 quotas that pools' nodes count against.

Separate because a new account has none of the quotas for GPUs, and who sets up an environment must ask for them days before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.config.accelerators import GPU_FAMILIES


@dataclass(frozen=True)
class Quota:
    """A quota of a region, counted in vCPUs."""

    code: str
    """What `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code` takes."""
    name: str
    for_gpus: bool
    """Whether it is 0 in a new account."""


# https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
_STANDARD = "Standard (A, C, D, H, I, M, R, T, Z)"
_ON_DEMAND: Mapping[str, Quota] = {
    "g": Quota("L-DB2E81BA", "Running On-Demand G and VT instances", for_gpus=True),
    "p": Quota("L-417A185B", "Running On-Demand P instances", for_gpus=True),
    "": Quota("L-1216C47A", f"Running On-Demand {_STANDARD} instances", for_gpus=False),
}
_SPOT: Mapping[str, Quota] = {
    "g": Quota("L-3819A6DF", "All G and VT Spot Instance Requests", for_gpus=True),
    "p": Quota("L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests", for_gpus=True),
    "p5": Quota("L-C4BD4855", "All P5 Spot Instance Requests", for_gpus=True),
    "": Quota("L-34B43A08", f"All {_STANDARD} Spot Instance Requests", for_gpus=False),
}


def quota(family: str, capacity: str) -> Quota:
    """Return the quota that a type counts against.

    Args:
        family: A family with tables.
        capacity: `spot`, `on-demand` or `reserved`, which counts as on-demand.
    """
    by_kind = _SPOT if capacity == "spot" else _ON_DEMAND
    if family not in GPU_FAMILIES:
        return by_kind[""]
    return by_kind.get(family[:2]) or by_kind[family[0]]
