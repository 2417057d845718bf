"""Labels and the taint by which pools, the agents on their nodes and the pods of tenants find each other.

Separate because each of them is written by one component and relied on by another.
"""

from collections.abc import Mapping

from mlplatform.config.sections import Pool, Sharing

GPU = "nvidia.com/gpu"
"""The resource that a pod asks for, and the key of the taint of nodes that have it."""
GPU_NODE: Mapping[str, str] = {"nvidia.com/gpu.present": "true"}
"""On every node with NVIDIA GPUs and Amazon Linux 2023. It comes with the pool, so that Karpenter counts the agents' share of a node."""
SHARING = "nvidia.com/device-plugin.config"
"""On nodes whose GPUs are shared: `sharing_name`."""
TENANT: Mapping[str, str] = {"app.kubernetes.io/part-of": "kubeflow-profile"}
"""On every tenant's namespace: Kubeflow's profile controller writes it, and users cannot."""


def sharing_name(sharing: Sharing) -> str:
    """Return what nodes with shared GPUs are called: `time-slicing-4`."""
    return f"{sharing.strategy}-{sharing.replicas}"


def node_labels(pool: Pool) -> dict[str, str]:
    """Return the labels that the agents of a pool's nodes go by; nodes without GPUs have none."""
    if not pool.has_gpus:
        return {}
    return {**GPU_NODE, **({SHARING: sharing_name(pool.sharing)} if pool.sharing else {})}
