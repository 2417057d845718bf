"""Selectors that must select pods: of Services, disruption budgets and the mesh.

Separate because one that selects nothing is accepted everywhere: a Service without endpoints, a policy without effect.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import BEFORE, Item
from mlplatform.manifests.closure.labels import selects
from mlplatform.manifests.closure.need import Need
from mlplatform.manifests.objects import Path, at, fields, text

MESH_ROOT = "istio-system"
"""Istio's root namespace: its policies act on every namespace."""


@dataclass(frozen=True)
class _Selector:
    path: Path
    plain: bool
    """Whether it is labels and nothing else, instead of `matchLabels` and `matchExpressions`."""
    anywhere: bool = False
    """Whether it selects pods of all namespaces."""
    early: bool = True
    """Whether it may come before its pods: what restricts pods had better."""


_SELECTORS = {
    "Service": _Selector(("spec", "selector"), plain=True, early=False),
    "PodDisruptionBudget.policy": _Selector(("spec", "selector"), plain=False),
    # https://istio.io/latest/docs/reference/config/networking/gateway/ : by default a Gateway finds its pods in any namespace.
    "Gateway.networking.istio.io": _Selector(("spec", "selector"), plain=True, anywhere=True, early=False),
    "Sidecar.networking.istio.io": _Selector(("spec", "workloadSelector", "labels"), plain=True),
    "EnvoyFilter.networking.istio.io": _Selector(("spec", "workloadSelector", "labels"), plain=True),
    "AuthorizationPolicy.security.istio.io": _Selector(("spec", "selector"), plain=False),
    "PeerAuthentication.security.istio.io": _Selector(("spec", "selector"), plain=False),
    "RequestAuthentication.security.istio.io": _Selector(("spec", "selector"), plain=False),
}


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the pods that the object selects."""
    selector = _SELECTORS.get(item.kind)
    if selector is None or not (asked := fields(item.object, *selector.path)):
        return
    wanted = {"matchLabels": asked} if selector.plain else asked
    anywhere = selector.anywhere or (item.namespace == MESH_ROOT and item.kind.endswith("istio.io"))
    pods = [found for found in inventory.pods if anywhere or found.namespace == item.namespace]
    since = min((found.item.wave for found in pods if selects(wanted, found.labels)), default=None)
    if selector.early and since is not None:
        since = BEFORE
    where = "any namespace" if anywhere else f"namespace {item.namespace}"
    yield Need(
        selector.path,
        f"pods with {_words(wanted)} in {where}",
        since,
        instead=_nearest(wanted, inventory, where=item.namespace),
        remedy="give the pod template these labels, or declare which controller makes the pods",
    )


def _words(selector: Mapping[str, Any]) -> str:
    exact = [f"{key}={value}" for key, value in fields(selector, "matchLabels").items()]
    return ", ".join(exact + (["its expressions"] if at(selector, "matchExpressions") else [])) or "any labels"


def _nearest(selector: Mapping[str, Any], inventory: Inventory, *, where: str) -> str:
    asked = fields(selector, "matchLabels")
    nearest = max(inventory.pods, key=lambda pods: sum(pods.carry({key: value}) for key, value in asked.items()), default=None)
    if nearest is None or not any(key in nearest.labels for key in asked):
        return ""
    has = ", ".join(f"{key}={text(nearest.labels, key) or 'nothing'}" for key in asked)
    elsewhere = "" if nearest.namespace == where else " in another namespace"
    return f"{nearest.item.ref}{elsewhere} has {has}"
