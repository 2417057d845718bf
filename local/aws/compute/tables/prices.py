"""What an hour of each instance type costs here, in the currency of the region's partition. These are played prices.

Separate because the numbers are compared and reviewed as a table. GPU types carry the published on-demand price (Linux);
every other price is computed from the type's vCPUs, memory and GPU memory by rates that were fitted to published prices:
families that the platform uses come out within 15 % of them in the global partition and within 25 % in China. What a test
says about the cheapest type holds for these prices; nobody's bill does.
"""

from dataclasses import dataclass, field

# USD: aws.amazon.com/ec2/pricing/on-demand, US regions, 2026. CNY: amazonaws.cn/en/ec2/pricing, Beijing, 2024.
_USD = {
    "g4dn.xlarge": 0.526, "g4dn.2xlarge": 0.752, "g4dn.4xlarge": 1.204, "g4dn.8xlarge": 2.176, "g4dn.12xlarge": 3.912,
    "g4dn.16xlarge": 4.352, "g4dn.metal": 7.824,
    "g5.xlarge": 1.006, "g5.2xlarge": 1.212, "g5.4xlarge": 1.624, "g5.8xlarge": 2.448, "g5.12xlarge": 5.672, "g5.16xlarge": 4.096,
    "g5.24xlarge": 8.144, "g5.48xlarge": 16.288,
    "g6.xlarge": 0.8048, "g6.2xlarge": 0.9776, "g6.4xlarge": 1.3232, "g6.8xlarge": 2.0144, "g6.12xlarge": 4.6016, "g6.16xlarge": 3.3968,
    "g6.24xlarge": 6.6752, "g6.48xlarge": 13.3504,
    "g6e.xlarge": 1.861, "g6e.2xlarge": 2.242, "g6e.4xlarge": 3.004, "g6e.8xlarge": 4.529, "g6e.12xlarge": 10.493, "g6e.16xlarge": 7.577,
    "g6e.24xlarge": 15.066, "g6e.48xlarge": 30.131,
    "p3.2xlarge": 3.06, "p3.8xlarge": 12.24, "p3.16xlarge": 24.48, "p4d.24xlarge": 21.958, "p5.4xlarge": 6.88, "p5.48xlarge": 55.04,
    "inf1.xlarge": 0.228, "inf1.2xlarge": 0.362, "inf1.6xlarge": 1.18, "inf1.24xlarge": 4.721,
    "inf2.xlarge": 0.758, "inf2.8xlarge": 1.968, "inf2.24xlarge": 6.491, "inf2.48xlarge": 12.981,
    "trn1.2xlarge": 1.344, "trn1.32xlarge": 21.5,
}  # fmt: skip
_CNY = {
    "g4dn.xlarge": 5.223, "g4dn.2xlarge": 7.468, "g4dn.4xlarge": 11.956, "g4dn.8xlarge": 21.609, "g4dn.12xlarge": 38.849,
    "g4dn.16xlarge": 43.218, "g4dn.metal": 77.698,
    "g5.xlarge": 9.514, "g5.2xlarge": 11.462, "g5.4xlarge": 15.358, "g5.8xlarge": 23.151, "g5.12xlarge": 53.641, "g5.16xlarge": 38.736,
    "g5.24xlarge": 77.019, "g5.48xlarge": 154.038,
    "p3.2xlarge": 36.078, "p3.8xlarge": 144.314, "p3.16xlarge": 288.627,
    "inf1.xlarge": 2.288, "inf1.2xlarge": 3.63, "inf1.6xlarge": 11.835, "inf1.24xlarge": 47.342,
}  # fmt: skip


@dataclass(frozen=True)
class Rates:
    """From which a partition's prices come, per hour."""

    currency: str
    vcpu: float
    memory: float
    """Per GiB."""
    gpu_memory: float
    """Per GiB."""
    burstable: float
    """Per GiB of memory, of types that are paid by their memory alone."""
    published: dict[str, float]
    """Prices that are not computed."""
    makers: dict[str, float] = field(default_factory=lambda: {"AMD": 0.9, "AWS": 0.8})
    """What a type with that maker's processors costs beside one with Intel's."""
    local_disks: float = 1.15
    """What a type with disks of its own costs beside one without."""


RATES = {
    "aws": Rates("USD", vcpu=0.0345, memory=0.0036, gpu_memory=0.036, burstable=0.0104, published=_USD),
    "aws-cn": Rates("CNY", vcpu=0.35, memory=0.036, gpu_memory=0.335, burstable=0.066, published=_CNY),
}
"""By partition; China's two regions are given the same prices."""

SPOT_SHARE = 0.30
"""What spot costs of the on-demand price in a region's first zone."""
SPOT_STEP = 0.02
"""What is added to that in each further zone, so that zones differ."""
