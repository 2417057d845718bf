"""ServiceAccounts: of pods, of role bindings and of the mesh's authorization policies.

Separate because a pod without its account is not created, and a binding without one grants nothing silently.
"""

import re
from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.closure.pods import pods_of
from mlplatform.manifests.objects import each, text

_BINDINGS = ("RoleBinding.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io")
# https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source : TRUST_DOMAIN/ns/NAMESPACE/sa/ACCOUNT
_PRINCIPAL = re.compile(r"[^/]+/ns/(?P<namespace>[a-z0-9-]+)/sa/(?P<name>[a-z0-9.-]+)")


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the ServiceAccounts that the object names."""
    for pods in pods_of(item):
        name = text(pods.spec, "serviceAccountName") or "default"
        yield to_have((*pods.path, "serviceAccountName"), inventory, "ServiceAccount", name, item.namespace)
    if item.kind in _BINDINGS:
        for path, subject in each(item.object, "subjects"):
            if text(subject, "kind") == "ServiceAccount":
                namespace = text(subject, "namespace") or item.namespace
                yield to_have(path, inventory, "ServiceAccount", text(subject, "name"), namespace)
    if item.kind == "AuthorizationPolicy.security.istio.io":
        yield from _principals(item, inventory)


def _principals(item: Item, inventory: Inventory) -> Iterator[Need]:
    for rule_path, rule in each(item.object, "spec", "rules"):
        for from_path, source in each(rule, "from"):
            for path, principal in each(source, "source", "principals"):
                if account := _PRINCIPAL.fullmatch(str(principal)):
                    where = rule_path + from_path + path
                    yield to_have(where, inventory, "ServiceAccount", account["name"], account["namespace"])
