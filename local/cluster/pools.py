"""A GPU pool and a CPU pool for a cluster that has none of its own, and the device plugin that GPU nodes need.

Separate so that Karpenter can be shown and tried before a release brings an environment's pools.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.config.instances import OFFERED
from mlplatform.local.aws.compute.tables.images import RELEASES, ROOT_DEVICE
from mlplatform.local.cluster.api import Api, Object

GPU = "nvidia.com/gpu"
_GPU_LABEL = "nvidia.com/gpu.present"
_GPU_FAMILIES = ("g4dn", "g5", "g6")
_CPU_FAMILIES = ("m5", "m6i", "c5", "c6i")
_KARPENTER = "karpenter.k8s.aws"
_PATHS = {
    "EC2NodeClass": f"/apis/{_KARPENTER}/v1/ec2nodeclasses",
    "NodePool": "/apis/karpenter.sh/v1/nodepools",
    "DaemonSet": "/apis/apps/v1/namespaces/kube-system/daemonsets",
}


@dataclass(frozen=True)
class Surroundings:
    """What nodes are launched into."""

    cluster: str
    """The cluster's name in EKS, which subnets carry in the tag `karpenter.sh/discovery`."""
    region: str
    node_role: str
    """Name of the IAM role that nodes wear; it needs an access entry of type EC2_LINUX."""
    idle: str = "30s"
    """How long a node stays empty before it goes."""
    capacity_types: tuple[str, ...] = ("on-demand",)


def built_in(around: Surroundings) -> tuple[Object, ...]:
    """Return the node class, both pools and the device plugin, in the order in which they are applied."""
    return node_class(around), gpu_pool(around), cpu_pool(around), device_plugin()


def apply(api: Api, objects: Sequence[Object]) -> None:
    """Apply objects of this module to a cluster."""
    for item in objects:
        api.apply(f"{_PATHS[item['kind']]}/{item['metadata']['name']}", item)


def remove(api: Api, objects: Sequence[Object]) -> None:
    """Delete objects of this module; their nodes go, and then they."""
    for item in reversed(objects):
        api.delete(f"{_PATHS[item['kind']]}/{item['metadata']['name']}")


def node_class(around: Surroundings) -> Object:
    """Return how nodes of both pools are launched."""
    return {
        "apiVersion": f"{_KARPENTER}/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": "built-in"},
        "spec": {
            "role": around.node_role,
            "amiSelectorTerms": [{"alias": f"al2023@{RELEASES[-1]}"}],
            "subnetSelectorTerms": [{"tags": {"karpenter.sh/discovery": around.cluster}}],
            "securityGroupSelectorTerms": [{"tags": {"aws:eks:cluster-name": around.cluster}}],
            "blockDeviceMappings": [
                {
                    "deviceName": ROOT_DEVICE,
                    "ebs": {"volumeType": "gp3", "volumeSize": "100Gi", "encrypted": True, "deleteOnTermination": True},
                }
            ],
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
        },
    }


def gpu_pool(around: Surroundings) -> Object:
    """Return a pool of nodes with one GPU each, which only pods that tolerate its taint land on."""
    # Without the limit Karpenter packs thirty one-GPU pods on four eight-GPU nodes, at four times the price.
    one = {"key": f"{_KARPENTER}/instance-gpu-count", "operator": "In", "values": ["1"]}
    pool = _pool("gpu", around, _GPU_FAMILIES, [one])
    template = pool["spec"]["template"]
    template["metadata"] = {"labels": {_GPU_LABEL: "true"}}
    template["spec"] |= {"taints": [{"key": GPU, "effect": "NoSchedule"}], "expireAfter": "Never"}
    return pool


def cpu_pool(around: Surroundings) -> Object:
    """Return a pool of nodes without GPUs."""
    size = {"key": f"{_KARPENTER}/instance-cpu", "operator": "Lt", "values": ["33"]}
    return _pool("cpu", around, _CPU_FAMILIES, [size])


def device_plugin() -> Object:
    """Return the DaemonSet by whose pods a node's GPUs become allocatable."""
    labels = {"app.kubernetes.io/name": "nvidia-device-plugin"}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "nvidia-device-plugin", "namespace": "kube-system", "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "nodeSelector": {_GPU_LABEL: "true"},
                    "tolerations": [{"key": GPU, "operator": "Exists"}],
                    "priorityClassName": "system-node-critical",
                    "containers": [{"name": "plugin", "image": "nvcr.io/nvidia/k8s-device-plugin:v0.20.0"}],
                },
            },
        },
    }


def _pool(name: str, around: Surroundings, families: Sequence[str], requirements: list[Object]) -> Object:
    here = [family for family in families if family in OFFERED[around.region]]
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {
            "template": {
                "spec": {
                    "nodeClassRef": {"group": _KARPENTER, "kind": "EC2NodeClass", "name": "built-in"},
                    "requirements": [
                        {"key": f"{_KARPENTER}/instance-family", "operator": "In", "values": here},
                        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": list(around.capacity_types)},
                        *requirements,
                    ],
                }
            },
            # Every empty node goes at once; the default lets a tenth of them go at a time.
            "disruption": {"consolidationPolicy": "WhenEmpty", "consolidateAfter": around.idle, "budgets": [{"nodes": "100%"}]},
        },
    }
