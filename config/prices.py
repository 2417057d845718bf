"""What an hour of an instance type costs on demand, where a source says so.

Separate because prices grow old: each list has its source and date, and nothing is invented for a region without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.config.instances import vcpus


@dataclass(frozen=True)
class PriceList:
    """On-demand prices of Linux instances per hour."""

    source: str
    currency: str
    per_vcpu: Mapping[str, float]
    """By family, where price follows size."""
    by_type: Mapping[str, float]

    def price(self, instance_type: str) -> float | None:
        """Return what an hour of a type costs, None where the list does not say."""
        rate = self.per_vcpu.get(instance_type.partition(".")[0])
        return self.by_type.get(instance_type) or (round(rate * vcpus(instance_type), 4) if rate else None)


_US_PER_VCPU = {
    "t3": 0.0416, "m5": 0.048, "m5a": 0.043, "m6i": 0.048, "m6a": 0.0432, "m7i": 0.0504, "m8i": 0.05292,
    "c5": 0.0425, "c6i": 0.0425, "c6a": 0.03825, "c7i": 0.044625, "c8i": 0.046855,
    "r5": 0.063, "r6i": 0.063, "r6a": 0.0567, "r7i": 0.06615, "r8i": 0.06946,
}  # fmt: skip
_US_BY_TYPE = {
    "g4dn.xlarge": 0.526, "g4dn.2xlarge": 0.752, "g4dn.4xlarge": 1.204, "g4dn.8xlarge": 2.176, "g4dn.12xlarge": 3.912,
    "g4dn.16xlarge": 4.352,
    "g5.xlarge": 1.006, "g5.2xlarge": 1.212, "g5.4xlarge": 1.624, "g5.8xlarge": 2.448, "g5.12xlarge": 5.672, "g5.16xlarge": 4.096,
    "g5.24xlarge": 8.144, "g5.48xlarge": 16.288,
    "g6.xlarge": 0.8048, "g6.2xlarge": 0.9776, "g6.4xlarge": 1.3232, "g6.8xlarge": 2.0144, "g6.12xlarge": 4.6016, "g6.16xlarge": 3.3968,
    "g6.24xlarge": 6.6752, "g6.48xlarge": 13.3504,
    "g6e.xlarge": 1.861, "g6e.2xlarge": 2.24208, "g6e.4xlarge": 3.00424, "g6e.8xlarge": 4.52856, "g6e.12xlarge": 10.49264,
    "g6e.16xlarge": 7.57719, "g6e.24xlarge": 15.06559, "g6e.48xlarge": 30.13118,
    "p3.2xlarge": 3.06, "p3.8xlarge": 12.24, "p3.16xlarge": 24.48, "p4d.24xlarge": 21.957642, "p4de.24xlarge": 27.44705,
    "p5.4xlarge": 6.88, "p5.48xlarge": 55.04, "p5en.48xlarge": 63.296,
}  # fmt: skip
_BEIJING_PER_VCPU = {
    "t3": 0.2629, "m5": 0.5066, "m5a": 0.4553, "m6i": 0.5066, "c5": 0.3697, "c6i": 0.3697, "r5": 0.6093, "r6i": 0.6093,
}  # fmt: skip
_BEIJING_BY_TYPE = {
    "g4dn.xlarge": 5.223, "g4dn.2xlarge": 7.468, "g4dn.4xlarge": 11.956, "g4dn.8xlarge": 21.609, "g4dn.12xlarge": 38.849,
    "g4dn.16xlarge": 43.218,
    "g5.xlarge": 9.51389, "g5.2xlarge": 11.46206, "g5.4xlarge": 15.3584, "g5.8xlarge": 23.15109, "g5.12xlarge": 53.64092,
    "g5.16xlarge": 38.73646, "g5.24xlarge": 77.01898, "g5.48xlarge": 154.03795,
    "p3.2xlarge": 36.078, "p3.8xlarge": 144.314, "p3.16xlarge": 288.627,
}  # fmt: skip

_US = PriceList("Karpenter 1.14.1's price list of us-east-1, 2026-07-06", "USD", _US_PER_VCPU, _US_BY_TYPE)
_BEIJING = PriceList("Karpenter 1.14.1's price list of cn-north-1, 2024-11-06", "CNY", _BEIJING_PER_VCPU, _BEIJING_BY_TYPE)

# Ohio and Oregon are billed as Northern Virginia is, Ningxia is not as Beijing: https://aws.amazon.com/ec2/pricing/on-demand/,
# https://www.amazonaws.cn/en/ec2/pricing/
_LISTS: Mapping[str, PriceList] = {"us-east-1": _US, "us-east-2": _US, "us-west-2": _US, "cn-north-1": _BEIJING}

RESTORED: Mapping[str, PriceList] = {"CNY": _BEIJING}
"""By currency, the prices that Karpenter is told where it does not know them: it has a list of Beijing from 2024, and for Ningxia compares
the US dollars of Northern Virginia with spot prices in CNY (https://github.com/aws/karpenter-provider-aws/issues/4763). What counts is which
type is cheaper, so that Ningxia can have Beijing's."""


def price_list(region: str) -> PriceList | None:
    """Return the prices of a region, None where no source is known."""
    return _LISTS.get(region)


def on_demand(region: str, instance_type: str) -> float | None:
    """Return what an hour of a type costs in a region on demand, in the currency of its partition; None where no source is known."""
    prices = price_list(region)
    return prices.price(instance_type) if prices else None


def restored(currency: str, instance_type: str) -> float | None:
    """Return the price of a type that Karpenter is to be told, None where its own is right or none is known."""
    prices = RESTORED.get(currency)
    return prices.price(instance_type) if prices else None
