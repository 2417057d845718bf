"""RDS instance classes by engine and region.

Separate from the engine's settings because the offer changes with AWS's price lists and not with the platform.
"""

from collections.abc import Mapping

_TO_16 = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
_TO_24 = f"{_TO_16} 24xlarge"
_TO_48 = f"{_TO_24} 48xlarge"
_SMALL = "micro small medium large xlarge 2xlarge"

# AWS's price lists by way of cfn-lint 1.58.0 (2026-10-20), which a test compares with.
_SIZES: Mapping[tuple[str, str], str] = {
    ("mysql", "t3"): _SMALL,
    ("mysql", "t4g"): _SMALL,
    ("mysql", "m5"): _TO_24,
    ("mysql", "m6g"): _TO_16,
    ("mysql", "m6i"): f"{_TO_24} 32xlarge",
    ("mysql", "m7g"): _TO_16,
    ("mysql", "m7i"): _TO_48,
    ("mysql", "m8g"): _TO_48,
    ("mysql", "r5"): _TO_24,
    ("mysql", "r6g"): _TO_16,
    ("mysql", "r6i"): f"{_TO_24} 32xlarge",
    ("mysql", "r7g"): _TO_16,
    ("mysql", "r7i"): _TO_48,
    ("mysql", "r8g"): _TO_48,
    ("aurora-mysql", "t3"): "medium large",
    ("aurora-mysql", "t4g"): "medium large",
    ("aurora-mysql", "r5"): _TO_24,
    ("aurora-mysql", "r6g"): _TO_16,
    ("aurora-mysql", "r6i"): f"{_TO_24} 32xlarge",
    ("aurora-mysql", "r7g"): _TO_16,
    ("aurora-mysql", "r7i"): _TO_48,
    ("aurora-mysql", "r8g"): _TO_48,
    ("aurora-mysql", "serverless"): "",
}
_NOT_IN_CHINA = frozenset({"m6i", "m7i", "r6i", "r7i"})
_MISSING: Mapping[str, frozenset[str]] = {"cn-north-1": _NOT_IN_CHINA, "cn-northwest-1": _NOT_IN_CHINA}


def families(engine: str, region: str) -> tuple[str, ...]:
    """Return the families (`db.m6g`) that an engine has in a region, the smallest classes first."""
    missing = _MISSING.get(region, frozenset[str]())
    return tuple(f"db.{family}" for of, family in _SIZES if of == engine and family not in missing)


def classes(engine: str, family: str) -> tuple[str, ...]:
    """Return the classes (`db.m6g.large`) of a family (`db.m6g`) for an engine, in every region that has the family."""
    sizes = _SIZES.get((engine, family.removeprefix("db.")))
    return () if sizes is None else tuple(f"{family}.{size}" for size in sizes.split()) or (family,)
