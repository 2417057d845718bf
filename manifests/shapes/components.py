"""A component whole: its workload, and what stands around every workload of its kind.

Separate so that a component's module says what is its own, and what all have alike is not written again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.objects import Object, entries, text
from mlplatform.manifests.shapes.mesh import GATEWAY_PODS, GATEWAY_PRINCIPAL, authorization_policy, called_by, virtual_service
from mlplatform.manifests.shapes.metadata import service_account
from mlplatform.manifests.shapes.network_policies import Peer, allow
from mlplatform.manifests.shapes.workloads import deployment, disruption_budget, service


def controller(
    name: str,
    namespace: str,
    template: Mapping[str, Any],
    *,
    replicas: int = 1,
    ports: Mapping[str, tuple[int, str]] | None = None,
    service_name: str | None = None,
    role_arn: str = "",
) -> list[Object]:
    """Return a Deployment, the ServiceAccount that its pods name, their Service where they serve, and their budget where they are several.

    Args:
        name: The Deployment's name, which its pods carry as a label: `system_pod(name, ...)`.
        namespace: Where it is.
        template: Its pods.
        replicas: How many.
        ports: The Service's ports by name, each with that of the container by name: `{"http": (80, "http")}`; none, and there is no Service.
        service_name: The Service's name, where others know it by one that is not the Deployment's.
        role_arn: The IAM role of its pods.
    """
    account = text(template, "spec", "serviceAccountName")
    return [
        *([service_account(account, namespace, role_arn=role_arn, component=name)] if account else ()),
        deployment(name, namespace, template, replicas=replicas),
        *([service(service_name or name, namespace, ports, component=name)] if ports else ()),
        *([disruption_budget(name, namespace)] if replicas > 1 else ()),
    ]


def web_app(
    name: str,
    namespace: str,
    template: Mapping[str, Any],
    *,
    prefix: str,
    port: tuple[int, str] = (80, "http"),
    rewrite: str | None = None,
    replicas: int = 1,
    role_arn: str = "",
    peers: Sequence[Peer] = (),
    principals: Sequence[str] = (),
    **route: Any,
) -> list[Object]:
    """Return a component with pages: a controller's objects, the path that leads to it, and that the gateway and no other gets there.

    Args:
        name: The Deployment's and its Service's name.
        namespace: Where it is; one with the mesh.
        template: Its pods.
        prefix: What the paths of its pages begin with: `/jupyter/`.
        port: The Service's port, and the container's by name.
        rewrite: What the component gets instead of the prefix.
        replicas: How many.
        role_arn: The IAM role of its pods.
        peers: Pods that reach it beside the gateway's.
        principals: Who may call it beside the gateway, in the mesh's words.
        route: More of the route in Istio's own words: `timeout`, `headers`.

    Raises:
        ValueError: No container has a port of that name.
    """
    return [
        *controller(name, namespace, template, replicas=replicas, ports={"http": port}, role_arn=role_arn),
        virtual_service(name, namespace, prefix=prefix, port=port[0], rewrite=rewrite, **route),
        authorization_policy(name, namespace, rules=[called_by(GATEWAY_PRINCIPAL, *principals)]),
        allow(name, namespace, peers=[GATEWAY_PODS, *peers], ports=[_number(name, template, port[1])]),
    ]


def _number(name: str, template: Mapping[str, Any], port: str) -> int:
    for container in entries(template, "spec", "containers"):
        for declared in entries(container, "ports"):
            if declared["name"] == port:
                return declared["containerPort"]
    raise ValueError(f"web app {name}: no container has a port named {port!r}; name it in `ports` of one")
