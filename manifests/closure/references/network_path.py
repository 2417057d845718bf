"""NetworkPolicy paths: a connection that something needs is let through, from the wave of who needs it on.

Separate because a blocked connection only shows as a timeout, and only where policies are enforced.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, listed
from mlplatform.manifests.closure.pods import Pods, pods_of
from mlplatform.manifests.closure.policies import Attempt, blocking
from mlplatform.manifests.closure.references import api_service, host, virtual_service, webhook
from mlplatform.manifests.closure.references.endpoint import Endpoint, endpoint_need, endpoint_of
from mlplatform.manifests.objects import Path, at, entries, fields, text

_POLICY = "NetworkPolicy.networking.k8s.io"


@dataclass(frozen=True)
class _Dial:
    """A connection to a Service that an object says it needs."""

    path: Path
    source: Pods | None
    endpoint: Endpoint
    port: int | None


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the connections that the object needs, and the Services of those that are declared beside it."""
    for connection in inventory.waves[item.wave].connections:
        if connection.source == item.ref:
            yield endpoint_need((), inventory, Endpoint(connection.service.namespace, connection.service.name), connection.port)
    for dial in _dials(item, inventory):
        for target, port in _targets(dial, inventory):
            if dial.source is None or dial.source.item is not target.item:
                yield _path(dial, target, port, item, inventory)


def _dials(item: Item, inventory: Inventory) -> Iterator[_Dial]:
    for path, endpoint, port in (*webhook.called(item), *api_service.called(item)):
        yield _Dial(path, None, endpoint, port)
    if item.kind == virtual_service.VIRTUAL_SERVICE:
        sources = list(_gateway_pods(item, inventory))
        for path, name, port in virtual_service.destinations(item):
            if endpoint := endpoint_of(name, item.namespace):
                yield from (_Dial(path, source, endpoint, port) for source in sources)
    for pods in pods_of(item):
        for path, endpoint, port in host.hosts(pods.spec, pods.path):
            yield _Dial(path, pods, endpoint, port)
        for declared in inventory.waves[item.wave].connections:
            if declared.source == item.ref:
                yield _Dial(pods.path, pods, Endpoint(declared.service.namespace, declared.service.name), declared.port)


def _gateway_pods(item: Item, inventory: Inventory) -> Iterator[Pods]:
    for _, name in virtual_service.gateways(item):
        for gateway in inventory.named(virtual_service.GATEWAY, name.name, name.namespace):
            if labels := fields(gateway.object, "spec", "selector"):
                yield from inventory.selected("", labels)


def _targets(dial: _Dial, inventory: Inventory) -> Iterator[tuple[Pods, int | None]]:
    for service in inventory.named("Service", dial.endpoint.name, dial.endpoint.namespace):
        if labels := fields(service.object, "spec", "selector"):
            for pods in inventory.selected(service.namespace, labels):
                yield pods, _pod_port(service, dial.port, pods)


def _pod_port(service: Item, port: int | None, pods: Pods) -> int | None:
    ports = entries(service.object, "spec", "ports")
    entry: Any = next((found for found in ports if at(found, "port") == port), ports[0] if port is None and len(ports) == 1 else None)
    target = at(entry, "targetPort")
    number = pods.port(target) if isinstance(target, str) else target or at(entry, "port")
    return number if isinstance(number, int) else None


def _path(dial: _Dial, target: Pods, port: int | None, item: Item, inventory: Inventory) -> Need:
    attempt = Attempt(dial.source, target, port, _namespaces(inventory))
    waves = range(item.wave, len(inventory.waves))
    stops = [_blocking(attempt, inventory, wave) for wave in waves]
    # A policy of a later wave can cut off what an earlier state lets through, so it must hold to the end.
    blocked = [wave for wave, policies in zip(waves, stops, strict=True) if policies]
    since = blocked[-1] + 1 if blocked else item.wave
    source = str(dial.source.item.ref) if dial.source else "the API server"
    return Need(
        dial.path,
        f"the connection from {source} to {target.item.ref}" + (f" on port {port}" if port else ""),
        since if since < len(inventory.waves) else None,
        missing=f"closed by {listed(str(policy.ref) for policies in stops for policy in policies)}",
        remedy=f"admit it in a NetworkPolicy of namespace {target.namespace}"
        + ("" if dial.source else ": the API server is no pod, so leave the rule's `from` out"),
    )


def _blocking(attempt: Attempt, inventory: Inventory, wave: int) -> list[Item]:
    return blocking(attempt, (policy for policy in inventory.of(_POLICY) if policy.wave <= wave))


def _namespaces(inventory: Inventory) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    for namespace in inventory.of("Namespace"):
        known = labels.setdefault(namespace.ref.name, {"kubernetes.io/metadata.name": namespace.ref.name})
        known.update(
            {key: text(fields(namespace.object, "metadata", "labels"), key) for key in fields(namespace.object, "metadata", "labels")}
        )
    return labels
