"""ConfigMaps and their keys.

Separate from Secrets because people look for one of them.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need
from mlplatform.manifests.closure.references.keyed import CONFIG_MAP, keyed_needs


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the ConfigMaps that the object names."""
    yield from keyed_needs(CONFIG_MAP, item, inventory)
