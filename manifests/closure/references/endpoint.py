"""A Service and one of its ports, wherever something connects to it.

Separate because webhooks, API services, gateways and plain host names all end at one.
"""

import re
from dataclasses import replace
from typing import Any, NamedTuple

from mlplatform.manifests.closure.inventory import Inventory, earliest
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, listed, origin, to_have
from mlplatform.manifests.objects import Path, Ref, at, entries, text

_FQDN = re.compile(r"(?P<name>[a-z0-9]([a-z0-9-]*[a-z0-9])?)\.(?P<namespace>[a-z0-9]([a-z0-9-]*[a-z0-9])?)\.svc(\.cluster\.local)?\.?")


class Endpoint(NamedTuple):
    """A Service, by namespace and name."""

    namespace: str
    name: str


def endpoint_of(host: str, namespace: str) -> Endpoint | None:
    """Return the Service that a host names: `db`, `db.data.svc`, `db.data.svc.cluster.local`; None for any other host."""
    if host and "." not in host and "*" not in host:
        return Endpoint(namespace, host)
    found = _FQDN.fullmatch(host)
    return Endpoint(found["namespace"], found["name"]) if found else None


def endpoint_need(path: Path, inventory: Inventory, endpoint: Endpoint, port: int | str | None = None) -> Need:
    """Return the need of a Service and, where one is given, of a port by number or name."""
    ref = Ref("Service", endpoint.name, endpoint.namespace)
    services = inventory.named(ref.kind, ref.name, ref.namespace)
    absent = to_have(path, inventory, ref.kind, ref.name, ref.namespace)
    if port is None or not services:
        return absent if port is None else replace(absent, what=f"port {port} of {ref}")
    have = "; ".join(f"it has {listed(_words(entry) for entry in _ports(found))}{origin(found)}" for found in services)
    offering = [found for found in services if any(port in (at(entry, "port"), text(entry, "name")) for entry in _ports(found))]
    return Need(path, f"port {port} of {ref}", earliest(offering), instead=have, remedy="name one of the Service's ports, or add this one")


def _ports(service: Item) -> list[Any]:
    return entries(service.object, "spec", "ports")


def _words(entry: Any) -> str:
    name = text(entry, "name")
    return f"{at(entry, 'port')} ({name})" if name else str(at(entry, "port"))
