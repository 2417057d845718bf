"""Roles and ClusterRoles that bindings grant.

Separate because a binding to a role that is not there is accepted and grants nothing.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.objects import qualified, text

_GROUP = "rbac.authorization.k8s.io"


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the role of a binding."""
    if item.kind in (qualified("RoleBinding", _GROUP), qualified("ClusterRoleBinding", _GROUP)):
        kind = text(item.object, "roleRef", "kind")
        namespace = item.namespace if kind == "Role" else ""
        yield to_have(("roleRef",), inventory, qualified(kind, _GROUP), text(item.object, "roleRef", "name"), namespace)
