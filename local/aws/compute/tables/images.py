"""The node images that EKS publishes for Amazon Linux 2023: their variants and the releases that are played.

Separate because a release more, or another recommended one, is one line here.
"""

VARIANTS = {"x86_64": ("standard", "nvidia", "neuron"), "arm64": ("standard", "nvidia")}
"""By architecture: https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html"""
RELEASES = ("v20260709", "v20260724")
"""Oldest first; the last is the recommended one. https://github.com/awslabs/amazon-eks-ami/releases"""
ROOT_DEVICE = "/dev/xvda"
ROOT_GIB = 20
