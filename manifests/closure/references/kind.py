"""API kinds: an object's apiVersion and kind are built in or defined, and the version is served.

Separate because it asks about the object itself and not about what is in it.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.definition import CRD, defined_kind, served_versions
from mlplatform.manifests.closure.inventory import Inventory, earliest
from mlplatform.manifests.closure.item import BEFORE, Item
from mlplatform.manifests.closure.need import Need, listed
from mlplatform.manifests.objects import group_version, kind_of, text


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the kind of the object."""
    kind = kind_of(item.object)
    _, version = group_version(item.object)
    built_in = inventory.kinds.get(kind, {})
    definitions = [crd for crd in inventory.of(CRD) if defined_kind(crd.object) == kind]
    serving = [crd for crd in definitions if served_versions(crd.object).get(version)]
    known = {*built_in, *(name for crd in definitions for name, served in served_versions(crd.object).items() if served)}
    yield Need(
        ("apiVersion",),
        f"kind {text(item.object, 'kind')} of {text(item.object, 'apiVersion')}",
        BEFORE if version in built_in else earliest(serving),
        instead=f"its served versions are {listed(known)}" if known else "",
        remedy="write a served version" if known else "add its CustomResourceDefinition, or declare which chart brings it",
    )
