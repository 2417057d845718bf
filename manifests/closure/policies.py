"""NetworkPolicies as a network plugin evaluates them: whether they let a connection through.

Separate because it is Kubernetes' rule and knows nothing of waves: https://kubernetes.io/docs/concepts/services-networking/network-policies/ .
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.labels import selects
from mlplatform.manifests.closure.pods import Pods
from mlplatform.manifests.objects import at, entries, fields, text

_EVERYWHERE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class Attempt:
    """A TCP connection that is tried."""

    source: Pods | None
    """The pods that connect; None for the API server, which no selector of pods or namespaces reaches."""
    target: Pods
    port: int | None
    """The pods' port; None where it is not known, and then ports are not looked at."""
    namespaces: Mapping[str, Mapping[str, str]]
    """The labels of every namespace."""


def blocking(attempt: Attempt, policies: Iterable[Item]) -> list[Item]:
    """Return the policies that isolate an end of the connection where none of them admits it; empty when it gets through."""
    known = list(policies)
    into = _isolating(attempt.target, "Ingress", known)
    if into and not any(_admits(rule, "from", attempt) for policy in into for rule in entries(policy.object, "spec", "ingress")):
        return into
    out_of = _isolating(attempt.source, "Egress", known) if attempt.source else []
    if out_of and not any(_admits(rule, "to", attempt) for policy in out_of for rule in entries(policy.object, "spec", "egress")):
        return out_of
    return []


def _isolating(pods: Pods, direction: Literal["Ingress", "Egress"], policies: Iterable[Item]) -> list[Item]:
    return [
        policy
        for policy in policies
        if policy.namespace == pods.namespace
        and direction in _types(policy)
        and selects(at(policy.object, "spec", "podSelector"), pods.labels)
    ]


def _types(policy: Item) -> list[str]:
    written = entries(policy.object, "spec", "policyTypes")
    return written or (["Ingress", "Egress"] if "egress" in fields(policy.object, "spec") else ["Ingress"])


def _admits(rule: Any, direction: Literal["from", "to"], attempt: Attempt) -> bool:
    peers, ports = entries(rule, direction), entries(rule, "ports")
    other, own = (attempt.source, attempt.target) if direction == "from" else (attempt.target, attempt.source)
    return (not peers or any(_is_peer(peer, other, own, attempt) for peer in peers)) and (
        not ports or attempt.port is None or any(_is_port(port, attempt) for port in ports)
    )


def _is_peer(peer: Any, other: Pods | None, own: Pods | None, attempt: Attempt) -> bool:
    if block := fields(peer, "ipBlock"):
        # Which addresses pods and the API server get is not known before they run: a range is taken to be meant for the latter.
        return other is None or (text(block, "cidr") in _EVERYWHERE and not entries(block, "except"))
    if other is None or own is None:
        return False
    if (namespaces := at(peer, "namespaceSelector")) is not None:
        if not selects(namespaces, attempt.namespaces.get(other.namespace, {})):
            return False
    elif other.namespace != own.namespace:
        return False
    chosen = at(peer, "podSelector")
    return chosen is None or selects(chosen, other.labels)


def _is_port(rule: Any, attempt: Attempt) -> bool:
    if (text(rule, "protocol") or "TCP") != "TCP" or attempt.port is None:
        return False
    port = at(rule, "port")
    if port is None:
        return True
    if isinstance(port, str):
        return attempt.target.port(port) == attempt.port
    last = at(rule, "endPort")
    return isinstance(port, int) and port <= attempt.port <= (last if isinstance(last, int) else port)
