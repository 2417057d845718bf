"""Everything that there will be in a cluster, by name, with the wave that it comes in.

Separate because each reference asks the same two questions: is it there, and since when.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from mlplatform.manifests.closure import builtin
from mlplatform.manifests.closure.definition import CRD, defined_kind
from mlplatform.manifests.closure.item import BEFORE, Item
from mlplatform.manifests.closure.makers import made_from
from mlplatform.manifests.closure.pods import Pods, pods_of
from mlplatform.manifests.objects import Object, Ref, kind_of, text
from mlplatform.manifests.wave import Brought, Wave


class Inventory:
    """What the waves of an environment install, and what comes with it."""

    def __init__(self, waves: Sequence[Wave]) -> None:
        """Index the waves, in the order in which they are installed."""
        self.waves = tuple(waves)
        self.kinds = builtin.served()
        """Built-in kinds: served versions, each with whether the kind belongs to a namespace."""
        self._namespaced = {kind: any(versions.values()) for kind, versions in self.kinds.items()} | dict(_defined(waves))
        self._items: dict[str, list[Item]] = defaultdict(list)
        self._named: dict[Ref, list[Item]] = defaultdict(list)
        for item in self._all():
            self._items[item.kind].append(item)
            self._named[item.ref].append(item)

    def named(self, kind: str, name: str, namespace: str = "") -> list[Item]:
        """Return the items of that name; more than one where it is both ours and declared, or made twice."""
        return self._named.get(Ref(kind, name, namespace), [])

    def of(self, *kinds: str) -> list[Item]:
        """Return the items of these kinds."""
        return [item for kind in kinds for item in self._items.get(kind, ())]

    def every(self) -> Iterator[Item]:
        """Yield every item, ours and what is brought."""
        for items in self._items.values():
            yield from items

    @cached_property
    def pods(self) -> list[Pods]:
        """All pods that there will be, ours and those that others bring."""
        return [pods for item in self.every() for pods in pods_of(item)]

    def selected(self, namespace: str, labels: Mapping[str, str]) -> list[Pods]:
        """Return the pods of a namespace, or of all where it is empty, that carry all of these labels."""
        return [pods for pods in self.pods if namespace in ("", pods.namespace) and pods.carry(labels)]

    def namespaced(self, kind: str) -> bool:
        """Whether a kind belongs to a namespace; a kind that nobody defines is taken to."""
        return self._namespaced.get(kind, True)

    def wave_name(self, position: int) -> str:
        """Return a wave's name."""
        return self.waves[position].name if position >= 0 else f"Kubernetes {builtin.KUBERNETES}"

    def _all(self) -> Iterator[Item]:
        for brought in builtin.held():
            yield from self._with_made(BEFORE, brought.object, brought)
        for position, wave in enumerate(self.waves):
            for obj in wave.objects:
                yield from self._with_made(position, obj, None)
            for brought in wave.brought:
                yield from self._with_made(position, brought.object, brought)

    def _with_made(self, wave: int, obj: Object, brought: Brought | None) -> Iterator[Item]:
        kind = kind_of(obj)
        namespace = text(obj, "metadata", "namespace") if self.namespaced(kind) else ""
        item = Item(Ref(kind, text(obj, "metadata", "name"), namespace), wave, obj, brought)
        yield item
        for made in made_from(item.ref, obj):
            yield from self._with_made(wave, made.object, made)


def earliest(items: Iterable[Item]) -> int | None:
    """Return the position of the first wave that has one of the items."""
    return min((item.wave for item in items), default=None)


def _defined(waves: Sequence[Wave]) -> Iterator[tuple[str, bool]]:
    for wave in waves:
        for obj in (*wave.objects, *(brought.object for brought in wave.brought)):
            if kind_of(obj) == CRD:
                yield defined_kind(obj), text(obj, "spec", "scope") != "Cluster"
