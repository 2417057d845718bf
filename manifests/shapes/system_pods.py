"""Pods of the platform itself: on the system nodes, apart from their own kind.

Separate because a node of a pool goes when Karpenter thinks that it can, and one node's loss must not take all replicas of a part.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.shapes.metadata import NAME, labels
from mlplatform.manifests.shapes.pods import pod

_POOL = "karpenter.sh/nodepool"
"""The label of every node that Karpenter made, and of no other."""
_OUTSIDE_MESH = {"sidecar.istio.io/inject": "false"}


def system_node_affinity() -> dict[str, Any]:
    """Return the `nodeAffinity` of pods that run on system nodes, and never on one that Karpenter made."""
    never = {"matchExpressions": [{"key": _POOL, "operator": "DoesNotExist"}]}
    return {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [never]}}


def spread(selected: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the `topologySpreadConstraints` that keep pods with these labels on different nodes, and in different zones where there are any.

    Pods of an older version are not counted, and nodes that take none neither: a new version starts beside the old one on as few nodes as
    there are replicas, and one node holds all replicas while no other can. https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
    """
    same = {"labelSelector": {"matchLabels": dict(selected)}, "matchLabelKeys": ["pod-template-hash"], "nodeTaintsPolicy": "Honor"}
    return [
        {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule", **same},
        {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway", **same},
    ]


def system_pod(
    name: str,
    containers: Sequence[Mapping[str, Any]],
    *,
    account: str = "",
    annotations: Mapping[str, str] | None = None,
    init_containers: Sequence[Mapping[str, Any]] = (),
    volumes: Sequence[Mapping[str, Any]] = (),
    meshed: bool = True,
    **further: Any,
) -> dict[str, Any]:
    """Return the template of a Deployment's pods on the system nodes, which carry the component's name as a label.

    Args:
        name: The component's name.
        containers: What runs.
        account: Its ServiceAccount; without one it gets no token.
        annotations: Its annotations.
        init_containers: What runs before.
        volumes: Its volumes.
        meshed: Whether it gets a sidecar in namespaces where the mesh adds one.
        further: The rest of its `spec` in Kubernetes' own words.
    """
    return pod(
        labels(name, None if meshed else _OUTSIDE_MESH),
        containers,
        account=account,
        annotations=annotations,
        init_containers=init_containers,
        volumes=volumes,
        affinity={"nodeAffinity": system_node_affinity()},
        topologySpreadConstraints=spread({NAME: name}),
        **further,
    )
