"""EC2 instance types by family and region: what system nodes may be, and which accelerators pools can find.

Separate because the local AWS, checks and pools read the same offer. A size decides vCPUs (`large` 2, `xlarge` 4, `Nxlarge` 4N) in every
family listed, and a family the memory of each, so that a line describes a family.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_TO_16 = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
_TO_24 = f"{_TO_16} 24xlarge"
_TO_32 = f"{_TO_24} 32xlarge"
_TO_48 = f"{_TO_24} 48xlarge"
_GPUS = "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"


@dataclass(frozen=True)
class Family:
    """Instance types of one family, without metal ones."""

    sizes: tuple[str, ...]
    gib_per_vcpu: float | None = None
    """Memory, where every size has the same ratio."""

    @property
    def serves_system_nodes(self) -> bool:
        """Whether the platform's own pods run on it: x86_64, because not every image of Kubeflow is built for arm64."""
        return self.gib_per_vcpu is not None


def _family(sizes: str, gib_per_vcpu: float | None = None) -> Family:
    return Family(tuple(sizes.split()), gib_per_vcpu)


# Sizes and regions: AWS's price lists by way of cfn-lint 1.58.0 (2026-10-20), which a test compares with; memory:
# https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html, co.html and mo.html.
FAMILIES: Mapping[str, Family] = {
    "t3": _family("large xlarge 2xlarge", 4),
    "m5": _family(_TO_24, 4),
    "m5a": _family(_TO_24, 4),
    "m6i": _family(_TO_32, 4),
    "m6a": _family(f"{_TO_32} 48xlarge", 4),
    "m7i": _family(_TO_48, 4),
    "m8i": _family(f"{_TO_32} 48xlarge 96xlarge", 4),
    "c5": _family("large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge", 2),
    "c6i": _family(_TO_32, 2),
    "c6a": _family(f"{_TO_32} 48xlarge", 2),
    "c7i": _family(_TO_48, 2),
    "c8i": _family(f"{_TO_32} 48xlarge 96xlarge", 2),
    "r5": _family(_TO_24, 8),
    "r6i": _family(_TO_32, 8),
    "r6a": _family(f"{_TO_32} 48xlarge", 8),
    "r7i": _family(_TO_48, 8),
    "r8i": _family(f"{_TO_32} 48xlarge 96xlarge", 8),
    "g4dn": _family(_GPUS),
    "g5": _family(f"{_GPUS} 24xlarge 48xlarge"),
    "g6": _family(f"{_GPUS} 24xlarge 48xlarge"),
    "g6e": _family(f"{_GPUS} 24xlarge 48xlarge"),
    "p3": _family("2xlarge 8xlarge 16xlarge"),
    "p4d": _family("24xlarge"),
    "p4de": _family("24xlarge"),
    "p5": _family("4xlarge 48xlarge"),
    "p5en": _family("48xlarge"),
    "inf1": _family("xlarge 2xlarge 6xlarge 24xlarge"),
    "inf2": _family("xlarge 8xlarge 24xlarge 48xlarge"),
    "trn1": _family("2xlarge 32xlarge"),
}

_EVERYWHERE = "t3 m5 m5a m6i m8i c5 c6i c8i r5 r6i r8i g4dn p3 inf1"
_OUTSIDE_CHINA = f"{_EVERYWHERE} m6a m7i c6a c7i r6a r7i inf2 p4d"
OFFERED: Mapping[str, frozenset[str]] = {
    region: frozenset(families.split())
    for region, families in {
        "cn-north-1": f"{_EVERYWHERE} g5",
        "cn-northwest-1": f"{_EVERYWHERE} g5 p4d",
        "us-east-1": f"{_OUTSIDE_CHINA} g5 g6 g6e p4de p5 p5en trn1",
        "us-east-2": f"{_OUTSIDE_CHINA} g5 g6 g6e p5 p5en trn1",
        "us-west-2": f"{_OUTSIDE_CHINA} g5 g6 g6e p4de p5 p5en trn1",
        "eu-central-1": f"{_OUTSIDE_CHINA} g5 g6 g6e p4de",
        "eu-west-1": f"{_OUTSIDE_CHINA} g5",
        "ap-northeast-1": f"{_OUTSIDE_CHINA} g5 g6 g6e p4de p5 p5en",
        "ap-southeast-1": f"{_OUTSIDE_CHINA} p4de",
    }.items()
}
"""Families that a region has; an account's quotas may say less (accelerators start at 0 in China)."""


def system_families(region: str) -> tuple[str, ...]:
    """Return the families that system nodes may be of in a region, in the order of the table."""
    return tuple(name for name, family in FAMILIES.items() if family.serves_system_nodes and name in OFFERED[region])


def vcpus(instance_type: str) -> int:
    """Return the vCPUs of a type of a listed family: `m5.large` has 2, `m5.2xlarge` 8."""
    size = instance_type.partition(".")[2]
    return 2 if size == "large" else 4 * int(size.removesuffix("xlarge") or 1)


def most_pods(instance_type: str) -> int:
    """Return the pods that a node of a type takes, with prefixes delegated to its interfaces.

    Every listed type has interfaces for more; the number is the one that managed node groups set:
    https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html
    """
    return 250 if vcpus(instance_type) > 30 else 110  # noqa: PLR2004 - AWS's own limits
