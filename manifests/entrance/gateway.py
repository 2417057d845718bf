"""The gateway's pods: where every request from outside enters the mesh.

Separate from the control plane, which must be there when they start, and from the rules for what they let through.
Source: https://github.com/istio/istio/tree/1.30.1/manifests/charts/gateway .
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.entrance.placement import CRITICAL, SECCOMP, Placed
from mlplatform.manifests.namespaces import ISTIO
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import Resources
from mlplatform.manifests.wave import Brought

NAME = "istio-ingressgateway"
"""The release, the Service and the pods: people forward ports to the Service, and components know the name."""
ACCOUNT = "istio-ingressgateway-service-account"
"""Who calls components, when the gateway does."""
LABELS: Mapping[str, str] = {"app": NAME, "istio": "ingressgateway"}
HTTP_PORT, HTTPS_PORT, STATUS_PORT = 8080, 8443, 15021
"""Ports of the pods, which are not root and so open none below 1024."""
PORTS = {"status-port": (15021, STATUS_PORT), "http2": (80, HTTP_PORT), "https": (443, HTTPS_PORT)}
"""By name, the Service's port and the pods'."""
_USER = 1337
"""Who Istio's proxies run as."""
_PODS = Placed(NAME, LABELS, Resources(cpu="100m", memory="128Mi", memory_limit="1Gi"), replicas=4)


def release(settings: Settings) -> Release:
    """Return the release of the gateway; its Service has no address outside the cluster, which is the balancer's."""
    chart = settings.chart("gateway")
    return Release(
        NAME,
        ISTIO,
        "gateway",
        chart=chart,
        values=_values(settings),
        requests=(_PODS.requests,),
        brought=tuple(_brought(f"chart gateway {chart.version}")),
    )


def _values(settings: Settings) -> dict[str, Any]:
    placed = _PODS.values()
    return {
        "name": NAME,
        "labels": dict(LABELS),
        "serviceAccount": {"create": True, "name": ACCOUNT},
        # Reading Secrets is how Istio decides who may show a certificate.
        "rbac": {"enabled": settings.ingress.has_balancer},
        "service": {
            "type": "ClusterIP",
            "ports": [{"name": name, "port": port, "targetPort": target, "protocol": "TCP"} for name, (port, target) in PORTS.items()],
        },
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": dict(SECCOMP),
        },
        "containerSecurityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "seccompProfile": dict(SECCOMP),
        },
        **placed,
        # With the limit of CPU the proxy takes as many threads, and not as many as its node has processors.
        "resources": {**placed["resources"], "limits": {"cpu": "2000m", "memory": _PODS.resources.memory_limit}},
        # An autoscaler owns the number of replicas.
        "autoscaling": {"enabled": True, "minReplicas": 2, "maxReplicas": _PODS.replicas, "targetCPUUtilizationPercentage": 80},
        "podDisruptionBudget": {"maxUnavailable": 1},
        "priorityClassName": CRITICAL,
    }


def _brought(by: str) -> Iterator[Brought]:
    labels = {**LABELS, "app.kubernetes.io/name": NAME}
    service_ports, pod_ports = ({name: pair[index] for name, pair in PORTS.items()} for index in (0, 1))
    yield brought.service(ISTIO, NAME, service_ports, by=by, pods=LABELS, targets=pod_ports)
    yield brought.pods(ISTIO, NAME, labels, pod_ports, by=by)
    yield brought.named("v1", "ServiceAccount", ACCOUNT, ISTIO, by=by)
