"""What a controller makes something from.

Separate because it asks about what is declared, so that a declaration cannot promise what nothing will make.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the object that a declared one is made from."""
    if item.brought and (source := item.brought.source):
        yield to_have((), inventory, source.kind, source.name, source.namespace)
