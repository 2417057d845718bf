"""NVIDIA GPUs by instance family: which, how many a type has and how much memory beside them.

Separate from the families' sizes and regions because only pools look at what is inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class GpuFamily:
    """Instance types of one family, all with the same GPUs."""

    gpu: str
    """The GPU, as `karpenter.k8s.aws/instance-gpu-name` has it."""
    gpu_memory_mib: int
    """Memory of each GPU."""
    sizes: Mapping[str, tuple[int, int]]
    """GPUs and GiB of memory by size."""
    local_disks: bool = True
    """Whether types have NVMe disks of their own."""


# `aws ec2 describe-instance-types`, with which a test compares; p3: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
_G4DN = {
    "xlarge": (1, 16), "2xlarge": (1, 32), "4xlarge": (1, 64), "8xlarge": (1, 128), "16xlarge": (1, 256), "12xlarge": (4, 192),
}  # fmt: skip
_G5 = {**_G4DN, "24xlarge": (4, 384), "48xlarge": (8, 768)}
_G6E = {size: (gpus, 2 * gib) for size, (gpus, gib) in _G5.items()}
GPU_FAMILIES: Mapping[str, GpuFamily] = {
    "g4dn": GpuFamily("t4", 16_384, _G4DN),
    "g5": GpuFamily("a10g", 22_888, _G5),
    "g6": GpuFamily("l4", 22_888, _G5),
    "g6e": GpuFamily("l40s", 45_776, _G6E),
    "p3": GpuFamily("v100", 16_384, {"2xlarge": (1, 61), "8xlarge": (4, 244), "16xlarge": (8, 488)}, local_disks=False),
    "p4d": GpuFamily("a100", 40_960, {"24xlarge": (8, 1152)}),
    "p4de": GpuFamily("a100", 81_920, {"24xlarge": (8, 1152)}),
    "p5": GpuFamily("h100", 81_920, {"4xlarge": (1, 256), "48xlarge": (8, 2048)}),
    "p5en": GpuFamily("h200", 144_384, {"48xlarge": (8, 2048)}),
}

UNUSABLE: Mapping[str, str] = {
    "g2": "its GPUs are too old for the driver of EKS's images",
    "g3": "its GPUs are too old for the driver of EKS's images",
    "g3s": "its GPUs are too old for the driver of EKS's images",
    "p2": "its GPUs are too old for the driver of EKS's images",
    "g4ad": "its GPUs are not NVIDIA's",
    "g5g": "it is arm64, for which not every image of Kubeflow is built",
    "g6f": "a node has a part of a GPU, of which Karpenter counts none",
    "gr6f": "a node has a part of a GPU, of which Karpenter counts none",
}
"""Families with GPUs that pools cannot use, and why."""
