"""The shapes that components share: metadata, pods that are restricted unless told, permissions, what stands around pods."""

from mlplatform.manifests.shapes.metadata import config_map, labels, metadata, namespace, obj, service_account
from mlplatform.manifests.shapes.permissions import (
    Rule,
    aggregated_cluster_role,
    cluster_role,
    cluster_role_binding,
    role,
    role_binding,
    rule,
)
from mlplatform.manifests.shapes.pods import Resources, container, http_probe, pod, variable
from mlplatform.manifests.shapes.workloads import daemon_set, deployment, disruption_budget, service

__all__ = [
    "Resources",
    "Rule",
    "aggregated_cluster_role",
    "cluster_role",
    "cluster_role_binding",
    "config_map",
    "container",
    "daemon_set",
    "deployment",
    "disruption_budget",
    "http_probe",
    "labels",
    "metadata",
    "namespace",
    "obj",
    "pod",
    "role",
    "role_binding",
    "rule",
    "service",
    "service_account",
    "variable",
]
