"""Karpenter's own charts and the values that they get: its kinds, and the controller.

Separate from the pools because charts are upgraded by their publisher's rules: kinds first, which the controller's chart never touches.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.compute.overlays import node_overlays
from mlplatform.manifests.release import Release
from mlplatform.manifests.requests import PodRequests
from mlplatform.manifests.shapes import KEEP, system_node_affinity
from mlplatform.manifests.wave import Brought

NAMESPACE, SERVICE_ACCOUNT = "kube-system", "karpenter"
CONTROLLER_ROLE, NODE_ROLE = "karpenter", "pool-nodes"
"""Purposes of the two roles, by which `Names.role` calls them."""
API, AWS_API = "karpenter.sh", "karpenter.k8s.aws"
_REPLICAS, _CPU, _MEMORY = 2, "500m", "1Gi"


def definitions(settings: Settings) -> Release:
    """Return the release of Karpenter's kinds, which stay when it goes: pools and nodes would go with them."""
    chart = settings.chart("karpenter-crd")
    values = {"additionalAnnotations": dict(KEEP)}
    by = f"chart karpenter-crd {chart.version}"
    return Release("karpenter-crd", NAMESPACE, "definitions", chart=chart, values=values, requests=(), brought=tuple(_kinds(by)))


def controller(settings: Settings) -> Release:
    """Return the release of the controller: two replicas on system nodes, in different zones, with the role of its own."""
    requests = (PodRequests("karpenter", replicas=_REPLICAS, cpu=_CPU, memory=_MEMORY),)
    return Release("karpenter", NAMESPACE, "controllers", chart=settings.chart("karpenter"), values=_values(settings), requests=requests)


def _values(settings: Settings) -> dict[str, Any]:
    """https://github.com/aws/karpenter-provider-aws/blob/v1.14.1/charts/karpenter/values.yaml ."""
    image = settings.catalogue.images["karpenter"]
    return {
        "settings": {
            "clusterName": settings.names.cluster,
            "interruptionQueue": settings.names.interruption_queue,
            # The API server's address and authority come from EKS, whose answer is newer than any value.
            "eksControlPlane": True,
            # Without it the controller asks IAM and the price list again and again, and logs an error each time.
            "isolatedVPC": not settings.network.has_way_out and settings.network.existing is None,
            # Pods in subnets of their own leave a node's first interface without any.
            "reservedENIs": "1" if settings.network.pod_cidr else "0",
            "featureGates": {"nodeOverlay": bool(node_overlays(settings))},
        },
        "serviceAccount": {
            "name": SERVICE_ACCOUNT,
            "annotations": {"eks.amazonaws.com/role-arn": settings.names.role_arn(CONTROLLER_ROLE)},
        },
        "replicas": _REPLICAS,
        "podDisruptionBudget": {"name": SERVICE_ACCOUNT, "maxUnavailable": 1},
        "controller": {
            # The chart names the image of an older release, by its digest.
            "image": {"repository": image.repository, "tag": image.tag, "digest": image.digest or ""},
            "resources": {"requests": {"cpu": _CPU, "memory": _MEMORY}, "limits": {"memory": _MEMORY}},
        },
        "affinity": {
            # Never on a node of its own, which it could then not replace.
            "nodeAffinity": system_node_affinity(),
            "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]},
        },
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"},
        ],
        "tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}],
        # The VPC's resolver: CoreDNS may itself wait for a node.
        "dnsPolicy": "Default",
    }


def _kinds(by: str) -> Iterator[Brought]:
    yield brought.kind("nodepools", "NodePool", API, ["v1"], by=by, namespaced=False)
    yield brought.kind("nodeclaims", "NodeClaim", API, ["v1"], by=by, namespaced=False)
    yield brought.kind("nodeoverlays", "NodeOverlay", API, ["v1alpha1"], by=by, namespaced=False)
    yield brought.kind("ec2nodeclasses", "EC2NodeClass", AWS_API, ["v1"], by=by, namespaced=False)
    yield brought.kind("capacitybuffers", "CapacityBuffer", "autoscaling.x-k8s.io", ["v1beta1"], by=by)
