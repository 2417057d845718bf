"""Named ports: of probes, of hooks and of Services.

Separate because a name that no container declares is accepted, and then nothing answers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, listed
from mlplatform.manifests.closure.pods import Pods, pods_of
from mlplatform.manifests.objects import Path, at, each, entries, fields, text

_ASKING = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the ports that the object names."""
    for pods in pods_of(item):
        for path, container in pods.containers():
            yield from _asked_in(path, container, item)
    if item.kind == "Service" and (labels := fields(item.object, "spec", "selector")):
        yield from _targets(item, inventory.selected(item.namespace, labels))


def _asked_in(path: Path, container: Mapping[str, Any], item: Item) -> Iterator[Need]:
    declared = [text(entry, "name") for entry in entries(container, "ports")]
    for where in _ASKING:
        for how in ("httpGet", "tcpSocket"):
            port = at(container, *where, how, "port")
            if isinstance(port, str):
                since = item.wave if port in declared else None
                what = f"port {port!r} of container {text(container, 'name')!r}"
                have = f"it declares {listed(declared)}"
                yield Need((*path, *where, how, "port"), what, since, instead=have, remedy="name the container's port so")


def _targets(item: Item, pods: list[Pods]) -> Iterator[Need]:
    if not pods:  # the selector's finding, not the port's
        return
    for path, entry in each(item.object, "spec", "ports"):
        target = at(entry, "targetPort")
        if isinstance(target, str):
            since = min((found.item.wave for found in pods if found.port(target) is not None), default=None)
            names = listed(
                text(port, "name") for found in pods for _, container in found.containers() for port in entries(container, "ports")
            )
            what = f"a container port {target!r} in the pods that it selects"
            have = f"{listed(str(found.item.ref) for found in pods)} declares {names}"
            yield Need((*path, "targetPort"), what, since, instead=have, remedy="name one of the container's ports so")
