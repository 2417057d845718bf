"""PriorityClasses and RuntimeClasses: a pod that names one that is not there is refused.

Separate because pods name both by nothing but a name.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.closure.pods import pods_of
from mlplatform.manifests.objects import text


def priority(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the PriorityClasses that the object's pods name."""
    yield from _named(item, inventory, "priorityClassName", "PriorityClass.scheduling.k8s.io")


def runtime(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the RuntimeClasses that the object's pods name."""
    yield from _named(item, inventory, "runtimeClassName", "RuntimeClass.node.k8s.io")


def _named(item: Item, inventory: Inventory, field: str, kind: str) -> Iterator[Need]:
    for pods in pods_of(item):
        if name := text(pods.spec, field):
            yield to_have((*pods.path, field), inventory, kind, name)
