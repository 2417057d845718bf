"""Workloads and what stands around them.

Separate so that a Deployment's selector, its Service's and its disruption budget's are the same label.
"""

from collections.abc import Mapping
from typing import Any

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes.metadata import NAME, metadata, obj


def deployment(name: str, namespace: str, template: Mapping[str, Any], *, replicas: int = 1, **spec: Any) -> Object:
    """Return a Deployment of pods that carry its name as a label; `spec` adds fields in Kubernetes' own words."""
    content = {"replicas": replicas, "revisionHistoryLimit": 3, "selector": _selector(name), **spec, "template": template}
    return obj("apps/v1", "Deployment", metadata(name, namespace), spec=content)


def daemon_set(name: str, namespace: str, template: Mapping[str, Any], *, max_unavailable: str = "10%") -> Object:
    """Return a DaemonSet of pods that carry its name as a label, replaced on so many nodes at a time."""
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": max_unavailable}}
    content = {"revisionHistoryLimit": 3, "selector": _selector(name), "updateStrategy": strategy, "template": template}
    return obj("apps/v1", "DaemonSet", metadata(name, namespace), spec=content)


def service(name: str, namespace: str, ports: Mapping[str, tuple[int, str]], *, component: str | None = None) -> Object:
    """Return a Service of a component's pods.

    Args:
        name: Its name.
        namespace: Its namespace.
        ports: By name, the Service's port and the container's by name.
        component: Whose pods it selects; those of its own name unless given.
    """
    entries = [{"name": key, "port": port, "targetPort": target, "protocol": "TCP"} for key, (port, target) in ports.items()]
    selector = {NAME: component or name}
    return obj("v1", "Service", metadata(name, namespace, component=component), spec={"selector": selector, "ports": entries})


def disruption_budget(name: str, namespace: str, *, max_unavailable: int = 1) -> Object:
    """Return the budget by which drained nodes take so many of a component's pods at once."""
    content = {"maxUnavailable": max_unavailable, "selector": _selector(name)}
    return obj("policy/v1", "PodDisruptionBudget", metadata(name, namespace), spec=content)


def _selector(name: str) -> dict[str, Any]:
    return {"matchLabels": {NAME: name}}
