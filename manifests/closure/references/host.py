"""Host names of Services, wherever an object writes one: in environments, arguments and configuration files.

Separate because they are found in texts and not in fields.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from mlplatform.manifests.closure.definition import CRD
from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import BEFORE, Item
from mlplatform.manifests.closure.need import Need
from mlplatform.manifests.closure.pods import pods_of
from mlplatform.manifests.closure.references.endpoint import Endpoint, endpoint_need
from mlplatform.manifests.objects import Path, walk

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
# What stands before must not be a part of the name, nor of a placeholder that becomes one.
_HOST = re.compile(
    rf"(?<![\w.%${{}}*-])(?P<name>{_LABEL})\.(?P<namespace>{_LABEL})\.svc(?:\.cluster\.local)?(?![\w-])(?!\.\w)(?::(?P<port>\d{{1,5}}))?"
)
_ELSEWHERE = frozenset({"VirtualService.networking.istio.io", "DestinationRule.networking.istio.io", CRD})
"""Kinds whose hosts have a reference of their own, or that only describe some."""


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the Services whose in-cluster host names stand in the object's texts."""
    if item.kind in _ELSEWHERE:
        return
    started = [pods.path for pods in pods_of(item)]
    for path, endpoint, port in hosts(item.object):
        need = endpoint_need(path, inventory, endpoint, port)
        # Pods connect when they start; what other texts say is read by somebody at some time.
        by_pods = any(path[: len(prefix)] == prefix for prefix in started)
        yield need if by_pods or need.since is None else replace(need, since=BEFORE)


def hosts(value: object, path: Path = ()) -> Iterator[tuple[Path, Endpoint, int | None]]:
    """Yield path, Service and port of each host `NAME.NAMESPACE.svc` in the texts of a value; short names are not recognised."""
    for where, found in walk(value, path):
        if isinstance(found, str):
            for host in _HOST.finditer(found):
                yield where, Endpoint(host["namespace"], host["name"]), int(host["port"]) if host["port"] else None
