"""What the mesh knows of a component: under which path it is found, and who may call it.

Separate because Istio's kinds are wide, and components use a small corner of each in the same way.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes.metadata import NAME, metadata, obj
from mlplatform.manifests.shapes.network_policies import pods_with

GATEWAY = "kubeflow/kubeflow-gateway"
"""The Gateway of the way in, as VirtualServices name it; Kubeflow's own components and users' clients know the name."""
GATEWAY_PRINCIPAL = "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"
"""Who calls, in the mesh's words, when the gateway does."""
GATEWAY_PODS = pods_with({"istio": "ingressgateway"}, "istio-system")
"""The same for the network: the gateway's pods, by the label that Kubeflow's Gateway selects."""
_NETWORKING, _SECURITY = "networking.istio.io/v1", "security.istio.io/v1"


def virtual_service(
    name: str,
    namespace: str,
    *,
    prefix: str,
    port: int,
    service: str | None = None,
    rewrite: str | None = None,
    component: str | None = None,
    **route: Any,
) -> Object:
    """Return the path by which the gateway leads to a component.

    Args:
        name: Its name, and that of the Service unless told otherwise.
        namespace: The Service's namespace.
        prefix: What the paths of its requests begin with: `/jupyter/`.
        port: The Service's port.
        service: The Service's name.
        rewrite: What the component gets instead of the prefix.
        component: What it belongs to; its own name unless given.
        route: More of the route in Istio's own words: `timeout`, `headers`.
    """
    http: dict[str, Any] = {
        "match": [{"uri": {"prefix": prefix}}],
        **({"rewrite": {"uri": rewrite}} if rewrite else {}),
        "route": [{"destination": {"host": f"{service or name}.{namespace}.svc.cluster.local", "port": {"number": port}}}],
        **route,
    }
    spec = {"gateways": [GATEWAY], "hosts": ["*"], "http": [http]}
    return obj(_NETWORKING, "VirtualService", metadata(name, namespace, component=component), spec=spec)


def authorization_policy(
    name: str,
    namespace: str,
    *,
    rules: Sequence[Mapping[str, Any]],
    pods: Mapping[str, str] | None = None,
    action: str = "ALLOW",
    provider: str | None = None,
    component: str | None = None,
) -> Object:
    """Return who may call a component's pods, by the sidecar in front of them.

    Args:
        name: Its name, which selects a component's pods of the same name unless told otherwise.
        namespace: The pods' namespace.
        rules: Istio's `rules`; no rule allows nobody: https://istio.io/latest/docs/reference/config/security/authorization-policy/
        pods: Labels of the pods, where they are not a component of ours.
        action: `ALLOW`, `DENY` or `CUSTOM`.
        provider: Whom `CUSTOM` asks, by its name in the mesh's configuration.
        component: Whose pods they are, where the policy has another name.
    """
    spec: dict[str, Any] = {
        "selector": {"matchLabels": dict(pods or {NAME: component or name})},
        "action": action,
        **({"provider": {"name": provider}} if provider else {}),
        "rules": [dict(rule) for rule in rules],
    }
    return obj(_SECURITY, "AuthorizationPolicy", metadata(name, namespace, component=component), spec=spec)


def called_by(*principals: str) -> dict[str, Any]:
    """Return the rule that allows calls by these principals: `cluster.local/ns/NAMESPACE/sa/ACCOUNT`."""
    return {"from": [{"source": {"principals": list(principals)}}]}


def principal(namespace: str, account: str) -> str:
    """Return a ServiceAccount in the mesh's words."""
    return f"cluster.local/ns/{namespace}/sa/{account}"
