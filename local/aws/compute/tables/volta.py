"""The p3 instance types, which China still offers and the instance type data that comes with moto has dropped.

Separate because it is data of AWS's in AWS's form, `DescribeInstanceTypes`.
"""

from typing import Any

_V100_MIB = 16_384
_ROWS = (
    # type, vCPUs, memory GiB, GPUs, network interfaces, addresses each, Gbit/s, EBS Mbit/s, EBS IOPS
    ("p3.2xlarge", 8, 61, 1, 4, 15, 10, 1_750, 10_000),
    ("p3.8xlarge", 32, 244, 4, 8, 30, 10, 7_000, 40_000),
    ("p3.16xlarge", 64, 488, 8, 8, 30, 25, 14_000, 80_000),
)


def _described(row: tuple[str, int, int, int, int, int, int, int, int]) -> dict[str, Any]:
    name, vcpus, memory, gpus, interfaces, addresses, network, ebs, iops = row
    bandwidth = f"{'Up to ' if gpus == 1 else ''}{network} Gigabit"
    volume = {"BandwidthInMbps": ebs, "ThroughputInMBps": ebs / 8, "Iops": iops}
    return {
        "InstanceType": name,
        "CurrentGeneration": True,
        "FreeTierEligible": False,
        "SupportedUsageClasses": ["on-demand", "spot"],
        "SupportedRootDeviceTypes": ["ebs"],
        "SupportedVirtualizationTypes": ["hvm"],
        "SupportedBootModes": ["legacy-bios"],
        "BareMetal": False,
        "Hypervisor": "xen",
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"], "SustainedClockSpeedInGhz": 2.7, "Manufacturer": "Intel"},
        "VCpuInfo": {"DefaultVCpus": vcpus, "DefaultCores": vcpus // 2, "DefaultThreadsPerCore": 2},
        "MemoryInfo": {"SizeInMiB": memory * 1024},
        "InstanceStorageSupported": False,
        "EbsInfo": {
            "EbsOptimizedSupport": "default",
            "EncryptionSupport": "supported",
            "NvmeSupport": "unsupported",
            "EbsOptimizedInfo": {f"{kind}{unit}": value for kind in ("Baseline", "Maximum") for unit, value in volume.items()},
        },
        "NetworkInfo": {
            "NetworkPerformance": bandwidth,
            "MaximumNetworkInterfaces": interfaces,
            "MaximumNetworkCards": 1,
            "DefaultNetworkCardIndex": 0,
            "NetworkCards": [{"NetworkCardIndex": 0, "NetworkPerformance": bandwidth, "MaximumNetworkInterfaces": interfaces}],
            "Ipv4AddressesPerInterface": addresses,
            "Ipv6AddressesPerInterface": addresses,
            "Ipv6Supported": True,
            "EnaSupport": "supported",
            "EfaSupported": False,
            "EncryptionInTransitSupported": False,
        },
        "GpuInfo": {
            "Gpus": [{"Name": "V100", "Manufacturer": "NVIDIA", "Count": gpus, "MemoryInfo": {"SizeInMiB": _V100_MIB}}],
            "TotalGpuMemoryInMiB": gpus * _V100_MIB,
        },
        "PlacementGroupInfo": {"SupportedStrategies": ["cluster", "partition", "spread"]},
        "HibernationSupported": False,
        "BurstablePerformanceSupported": False,
        "DedicatedHostsSupported": True,
        "AutoRecoverySupported": True,
    }


# https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html and, for interfaces, its page on network specifications.
VOLTA = {row[0]: _described(row) for row in _ROWS}
