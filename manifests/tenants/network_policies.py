"""Who may connect to a tenant's pods: its own pods, the gateway and Kubeflow's components, and no other tenant.

Separate because every port is let in on purpose: which ones notebooks, trials and models listen on is their people's to choose.
Who of those that connect may call, the mesh decides. What leaves a namespace is not limited: the other end is closed to it.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.sections import Tenant
from mlplatform.manifests.namespaces import ISTIO, KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj
from mlplatform.manifests.shapes.network_policies import Peer, namespace_named
from mlplatform.manifests.tenants.namespace import kept

_GATEWAY: Peer = {**namespace_named(ISTIO), "podSelector": {"matchLabels": {"istio": "ingressgateway"}}}
"""https://istio.io/latest/docs/reference/config/networking/gateway/ : Kubeflow's Gateway finds its pods by this label."""


def network_policies(namespace: str, tenant: Tenant) -> Iterator[Object]:
    """Yield the policy that closes a tenant's namespace, and those that let somebody in."""
    yield _policy("deny-all", namespace, tenant)
    yield _policy("allow-own-pods", namespace, tenant, {"podSelector": {}})
    yield _policy("allow-gateway", namespace, tenant, _GATEWAY)
    # Notebooks are asked whether they are idle, trials for suggestions, pipelines' pages show what pods serve.
    yield _policy("allow-kubeflow", namespace, tenant, namespace_named(KUBEFLOW))


def _policy(name: str, namespace: str, tenant: Tenant, peer: Peer | None = None) -> Object:
    spec: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress"]}
    if peer:  # the API server drops an empty list, and every upgrade would send it again
        spec["ingress"] = [{"from": [dict(peer)]}]
    return obj("networking.k8s.io/v1", "NetworkPolicy", metadata(name, namespace, annotations=kept(tenant)), spec=spec)
