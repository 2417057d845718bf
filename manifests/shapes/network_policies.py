"""Who may connect to a component's pods: nobody but whom a policy names.

Separate because a policy without a peer means everyone and one without a port means every port, and both must be said on purpose.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes.metadata import NAME, metadata, obj

Peer = Mapping[str, Any]
"""One entry of `from`, as Kubernetes has it."""
_API = "networking.k8s.io/v1"


def pods_of(component: str, namespace: str = "") -> Peer:
    """Return a component's pods as a peer, in a namespace, or in the policy's own unless one is named."""
    return pods_with({NAME: component}, namespace)


def pods_with(labels: Mapping[str, str], namespace: str = "") -> Peer:
    """Return pods with these labels as a peer, in a namespace, or in the policy's own unless one is named."""
    selected = {"podSelector": {"matchLabels": dict(labels)}}
    return {**namespace_named(namespace), **selected} if namespace else selected


def namespace_named(name: str) -> Peer:
    """Return every pod of a namespace as a peer."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def namespaces_with(labels: Mapping[str, str]) -> Peer:
    """Return every pod of namespaces with these labels as a peer."""
    return {"namespaceSelector": {"matchLabels": dict(labels)}}


METRICS_READERS = namespaces_with({"metrics.mlplatform.io/reader": "true"})
"""Every pod of the namespace of who collects metrics, such as Prometheus, which says so by this label."""


def addresses(cidrs: Sequence[str]) -> list[Peer]:
    """Return networks as peers, each with every address in it."""
    return [{"ipBlock": {"cidr": cidr}} for cidr in cidrs]


def deny_all(namespace: str) -> Object:
    """Return the policy by which no pod of a namespace is reached, unless another policy lets somebody in."""
    everything: dict[str, Any] = {}
    return obj(_API, "NetworkPolicy", metadata("deny-all", namespace), spec={"podSelector": everything, "policyTypes": ["Ingress"]})


def allow(
    name: str,
    namespace: str,
    *,
    peers: Sequence[Peer],
    ports: Sequence[int],
    pods: Mapping[str, str] | None = None,
    component: str | None = None,
) -> Object:
    """Return the policy that lets peers in.

    Args:
        name: The policy's name, which selects a component's pods of the same name unless told otherwise.
        namespace: The pods' namespace.
        peers: Who may connect.
        ports: To which ports of the pods, by number.
        pods: Labels of the pods, where they are not a component of ours.
        component: Whose pods they are, where the policy has another name.

    Raises:
        ValueError: It names no peer or no port, which Kubernetes takes for all of them.
    """
    if not peers or not ports:
        msg = f"network policy {namespace}/{name}: names no {'port' if peers else 'peer'}, which means all of them; use `allow_everyone` for peers"
        raise ValueError(msg)
    return _policy(metadata(name, namespace, component=component), peers, ports, pods or {NAME: component or name})


def allow_everyone(
    name: str, namespace: str, *, ports: Sequence[int], pods: Mapping[str, str] | None = None, component: str | None = None
) -> Object:
    """Return the policy that lets everyone in to these ports: the API server calls webhooks from addresses that nobody can name."""
    return _policy(metadata(name, namespace, component=component), (), ports, pods or {NAME: component or name})


def _policy(described: Mapping[str, Any], peers: Sequence[Peer], ports: Sequence[int], pods: Mapping[str, str]) -> Object:
    entry: dict[str, Any] = {"ports": [{"port": port, "protocol": "TCP"} for port in ports]}
    if peers:
        entry["from"] = [dict(peer) for peer in peers]
    spec = {"podSelector": {"matchLabels": dict(pods)}, "policyTypes": ["Ingress"], "ingress": [entry]}
    return obj(_API, "NetworkPolicy", described, spec=spec)
