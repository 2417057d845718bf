"""What an hour costs: on demand by region, spot by zone.

Separate from the table because some prices are in it and the others follow from it.
"""

from functools import cache

from moto.utilities.utils import get_partition

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.compute import types
from mlplatform.local.aws.compute.tables.prices import RATES, SPOT_SHARE, SPOT_STEP, Rates


def currency(region: str) -> str:
    """Return the currency that a region is billed in."""
    return _rates(region).currency


@cache
def on_demand(region: str, instance_type: str) -> float:
    """Return what an hour of a type costs in a region."""
    rates = _rates(region)
    return rates.published.get(instance_type) or round(_computed(rates, instance_type), 4)


def spot(region: str, instance_type: str, zone: str) -> float | None:
    """Return what an hour of a type costs now as spot in a zone, or None where it is not sold so."""
    if "spot" not in types.described(instance_type)["SupportedUsageClasses"]:
        return None
    place = REGIONS.get(region)
    further = place.zones.index(zone) if place and zone in place.zones else 0
    return round(on_demand(region, instance_type) * (SPOT_SHARE + SPOT_STEP * further), 6)


def _rates(region: str) -> Rates:
    return RATES[get_partition(region)]


def _computed(rates: Rates, instance_type: str) -> float:
    facts = types.described(instance_type)
    factor = rates.makers.get(facts["ProcessorInfo"].get("Manufacturer", ""), 1.0)
    if facts["InstanceStorageSupported"]:
        factor *= rates.local_disks
    memory = types.memory_mib(instance_type) / 1024
    if facts["BurstablePerformanceSupported"]:
        return rates.burstable * memory * factor
    gpu_memory = facts.get("GpuInfo", {}).get("TotalGpuMemoryInMiB", 0) / 1024
    return (rates.vcpu * types.vcpus(instance_type) + rates.memory * memory) * factor + rates.gpu_memory * gpu_memory
