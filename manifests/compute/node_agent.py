"""What runs on every node of a kind, and stays until the node goes.

Separate because agents share how they are placed, and differ only in their containers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.compute.labels import GPU_NODE
from mlplatform.manifests.namespaces import NODE_AGENTS
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import daemon_set, labels, pod

NodeExpression = Mapping[str, Any]
"""One entry of `matchExpressions`."""
AS_ROOT: Mapping[str, Any] = {"runAsNonRoot": False, "runAsUser": 0}
"""For containers whose work is in directories that belong to the node's root; they still have no capability and write no image."""


def node_agent(
    name: str,
    containers: Sequence[Mapping[str, Any]],
    *,
    nodes: Sequence[NodeExpression] = (),
    account: str = "",
    annotations: Mapping[str, str] | None = None,
    init_containers: Sequence[Mapping[str, Any]] = (),
    volumes: Sequence[Mapping[str, Any]] = (),
    **further: Any,
) -> Object:
    """Return a DaemonSet in the namespace of node agents.

    Args:
        name: Its name.
        containers: What runs.
        nodes: What a node's labels must be; every node unless given.
        account: The ServiceAccount; no token without one.
        annotations: Annotations of its pods.
        init_containers: What runs before.
        volumes: Their volumes.
        further: The rest of the pod's `spec` in Kubernetes' own words.
    """
    affinity = {"affinity": {"nodeAffinity": _required(nodes)}} if nodes else {}
    template = pod(
        labels(name),
        containers,
        account=account,
        annotations=annotations,
        init_containers=init_containers,
        volumes=volumes,
        # Karpenter's taints too: what tolerates them is not drained, and so works until the node is gone.
        tolerations=[{"operator": "Exists"}],
        priorityClassName="system-node-critical",
        **affinity,
        **further,
    )
    return daemon_set(name, NODE_AGENTS, template)


def gpu_nodes(*further: NodeExpression) -> list[NodeExpression]:
    """Return what the labels of nodes with GPUs are, and what else they must be."""
    return [*({"key": key, "operator": "In", "values": [value]} for key, value in GPU_NODE.items()), *further]


def host_path(name: str, path: str, kind: str) -> dict[str, Any]:
    """Return a volume that is a directory of the node; `kind` is Directory, or DirectoryOrCreate."""
    return {"name": name, "hostPath": {"path": path, "type": kind}}


def _required(nodes: Sequence[NodeExpression]) -> Mapping[str, Any]:
    terms = [{"matchExpressions": [dict(entry) for entry in nodes]}]
    return {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
