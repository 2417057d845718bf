"""The shapes that components share: metadata, pods that are restricted unless told, permissions, what stands around pods."""

from mlplatform.manifests.shapes.components import controller, web_app
from mlplatform.manifests.shapes.definitions import KEEP, Version, definition
from mlplatform.manifests.shapes.metadata import config_map, labels, metadata, namespace, obj, service_account
from mlplatform.manifests.shapes.permissions import (
    LEADER_ELECTION,
    Rule,
    aggregated_cluster_role,
    cluster_role,
    cluster_role_binding,
    granted,
    role,
    role_binding,
    rule,
)
from mlplatform.manifests.shapes.pods import Resources, container, pod, variable
from mlplatform.manifests.shapes.probes import exec_probe, http_probe, tcp_probe
from mlplatform.manifests.shapes.system_pods import spread, system_node_affinity, system_pod
from mlplatform.manifests.shapes.volumes import checksum, config_volume, scratch, secret_volume
from mlplatform.manifests.shapes.webhooks import Watched, Webhook, mutating_webhooks, serving_certificate, validating_webhooks
from mlplatform.manifests.shapes.workloads import daemon_set, deployment, disruption_budget, service

__all__ = [
    "KEEP",
    "LEADER_ELECTION",
    "Resources",
    "Rule",
    "Version",
    "Watched",
    "Webhook",
    "aggregated_cluster_role",
    "checksum",
    "cluster_role",
    "cluster_role_binding",
    "config_map",
    "config_volume",
    "container",
    "controller",
    "daemon_set",
    "definition",
    "deployment",
    "disruption_budget",
    "exec_probe",
    "granted",
    "http_probe",
    "labels",
    "metadata",
    "mutating_webhooks",
    "namespace",
    "obj",
    "pod",
    "role",
    "role_binding",
    "rule",
    "scratch",
    "secret_volume",
    "service",
    "service_account",
    "serving_certificate",
    "spread",
    "system_node_affinity",
    "system_pod",
    "tcp_probe",
    "validating_webhooks",
    "variable",
    "web_app",
]
