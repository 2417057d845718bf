"""Where pods take keys of Secrets and ConfigMaps from: environment variables, volumes and parts of volumes.

Separate because both kinds are used at the same places under slightly different names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from mlplatform.manifests.closure.inventory import Inventory, earliest
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, listed, origin, to_have
from mlplatform.manifests.closure.pods import Pods, pods_of
from mlplatform.manifests.objects import Path, Ref, at, each, fields, text


@dataclass(frozen=True)
class Shape:
    """How one of the two kinds is written."""

    kind: str
    env: str
    env_from: str
    volume: str
    volume_name: str
    """The field that names it in a volume; projected volumes say `name` for both."""
    data: tuple[str, ...]
    """The fields of the object that hold keys."""


SECRET = Shape("Secret", "secretKeyRef", "secretRef", "secret", "secretName", ("data", "stringData"))
CONFIG_MAP = Shape("ConfigMap", "configMapKeyRef", "configMapRef", "configMap", "name", ("data", "binaryData"))


def keyed_needs(shape: Shape, item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the Secrets or ConfigMaps, with their keys, that the object's pods cannot start without."""
    for pods in pods_of(item):
        for path, name, key in _uses(shape, pods):
            yield key_need(shape, path, inventory, Ref(shape.kind, name, pods.namespace), key)


def key_need(shape: Shape, path: Path, inventory: Inventory, ref: Ref, key: str = "") -> Need:
    """Return the need of an object and, where one is named, of a key in it."""
    items = inventory.named(ref.kind, ref.name, ref.namespace)
    if not key or not items:
        absent = to_have(path, inventory, ref.kind, ref.name, ref.namespace)
        return replace(absent, what=f"key {key!r} of {ref}") if key else absent
    holding = [found for found in items if key in _keys(shape, found)]
    have = "; ".join(f"it has {listed(_keys(shape, found))}{origin(found)}" for found in items if _keys(shape, found)) or "it has no keys"
    return Need(
        path, f"key {key!r} of {ref}", earliest(holding), instead=have, remedy="add the key, or declare the keys that its controller brings"
    )


def _keys(shape: Shape, item: Item) -> set[str]:
    return {key for part in shape.data for key in fields(item.object, part)}


def _uses(shape: Shape, pods: Pods) -> Iterator[tuple[Path, str, str]]:
    """Yield path, name and key (empty for the whole object) of each use that is not optional."""
    for path, container in pods.containers():
        for where, env in each(container, "env"):
            yield from _named(at(env, "valueFrom", shape.env), (*path, *where, "valueFrom", shape.env), "name", "key")
        for where, source in each(container, "envFrom"):
            yield from _named(at(source, shape.env_from), (*path, *where, shape.env_from), "name", "")
    for where, volume in each(pods.spec, "volumes"):
        at_volume = pods.path + where
        yield from _volume(at(volume, shape.volume), (*at_volume, shape.volume), shape.volume_name)
        for inner, source in each(volume, "projected", "sources"):
            yield from _volume(at(source, shape.volume), (*at_volume, *inner, shape.volume), "name")
        yield from _parts(pods, volume, shape)


def _named(source: Any, path: Path, name: str, key: str) -> Iterator[tuple[Path, str, str]]:
    if text(source, name) and at(source, "optional") is not True:
        yield path, text(source, name), text(source, key) if key else ""


def _volume(source: Any, path: Path, name: str) -> Iterator[tuple[Path, str, str]]:
    chosen = [(where, text(entry, "key")) for where, entry in each(source, "items")]
    for where, key in chosen or [((), "")]:
        yield from ((found, called, key) for found, called, _ in _named(source, path + where, name, ""))


def _parts(pods: Pods, volume: Any, shape: Shape) -> Iterator[tuple[Path, str, str]]:
    """A mount by subPath of a key that is not there becomes an empty folder, silently."""
    source = at(volume, shape.volume)
    if at(source, "items") or at(source, "optional") is True or not text(source, shape.volume_name):
        return
    for path, container in pods.containers():
        for where, mount in each(container, "volumeMounts"):
            if text(mount, "name") == text(volume, "name") and (key := text(mount, "subPath")):
                yield (*path, *where, "subPath"), text(source, shape.volume_name), key
