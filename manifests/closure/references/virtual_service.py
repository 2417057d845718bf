"""Destinations and gateways of the mesh's routes.

Separate because Istio accepts a route to nowhere and answers 503.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.manifests.closure.inventory import Inventory, earliest
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.closure.references.endpoint import Endpoint, endpoint_need, endpoint_of
from mlplatform.manifests.objects import Path, at, each, entries, text

VIRTUAL_SERVICE = "VirtualService.networking.istio.io"
GATEWAY = "Gateway.networking.istio.io"
_ROUTES = ("http", "tls", "tcp")


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the gateways and destinations that the object names."""
    if item.kind == VIRTUAL_SERVICE:
        for path, gateway in gateways(item):
            yield to_have(path, inventory, GATEWAY, gateway.name, gateway.namespace)
        for path, host, port in destinations(item):
            yield _destination(path, host, port, item, inventory)
    if item.kind == "DestinationRule.networking.istio.io" and "*" not in (host := text(item.object, "spec", "host")):
        yield _destination(("spec", "host"), host, None, item, inventory)


def gateways(item: Item) -> Iterator[tuple[Path, Endpoint]]:
    """Yield the gateways that a route is bound to; `mesh` means the sidecars and is no object."""
    for path, name in each(item.object, "spec", "gateways"):
        if name != "mesh":
            namespace, _, short = str(name).rpartition("/")
            yield path, Endpoint(namespace or item.namespace, short)


def destinations(item: Item) -> Iterator[tuple[Path, str, int | None]]:
    """Yield path, host and port of each destination and mirror."""
    for protocol in _ROUTES:
        for path, route in each(item.object, "spec", protocol):
            for where, target in each(route, "route"):
                yield from _written((*path, *where, "destination"), at(target, "destination"))
            yield from _written((*path, "mirror"), at(route, "mirror"))
            for where, mirror in each(route, "mirrors"):
                yield from _written((*path, *where, "destination"), at(mirror, "destination"))


def _written(path: Path, destination: Any) -> Iterator[tuple[Path, str, int | None]]:
    if host := text(destination, "host"):
        port = at(destination, "port", "number")
        yield path, host, port if isinstance(port, int) else None


def _destination(path: Path, host: str, port: int | None, item: Item, inventory: Inventory) -> Need:
    if endpoint := endpoint_of(host, item.namespace):
        return endpoint_need(path, inventory, endpoint, port)
    outside = [found for found in inventory.of("ServiceEntry.networking.istio.io") if host in entries(found.object, "spec", "hosts")]
    return Need(
        path, f"a Service or ServiceEntry for host {host}", earliest(outside), remedy="write the host as NAME.NAMESPACE.svc.cluster.local"
    )
