"""Namespaces: each namespaced object names one, and it exists.

Separate because Helm creates none: a namespace belongs to one release, the first.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.objects import kind_of

PATH = ("metadata", "namespace")


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the namespace of the object."""
    if item.namespace:
        yield to_have(PATH, inventory, "Namespace", item.namespace)
    elif inventory.namespaced(kind_of(item.object)):
        yield Need(PATH, "a namespace", None, instead="without one it lands wherever its release is recorded", remedy="write it")
