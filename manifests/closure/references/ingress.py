"""Ingresses: the class that serves them and the Services behind them.

Separate because an Ingress without a class is accepted and served by nobody.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.manifests.closure.inventory import Inventory, earliest
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.closure.references.endpoint import Endpoint, endpoint_need
from mlplatform.manifests.objects import Path, at, each, text

_CLASS = "IngressClass.networking.k8s.io"
_DEFAULT = "ingressclass.kubernetes.io/is-default-class"


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the class and the backends of an Ingress."""
    if item.kind != "Ingress.networking.k8s.io":
        return
    if name := text(item.object, "spec", "ingressClassName"):
        yield to_have(("spec", "ingressClassName"), inventory, _CLASS, name)
    elif not text(item.object, "metadata", "annotations", "kubernetes.io/ingress.class"):
        defaults = [found for found in inventory.of(_CLASS) if text(found.object, "metadata", "annotations", _DEFAULT) == "true"]
        remedy = f"name a class, or mark one with {_DEFAULT}"
        yield Need(("spec", "ingressClassName"), "a default IngressClass", earliest(defaults), remedy=remedy)
    for path, service in _backends(item):
        port = at(service, "port", "name") or at(service, "port", "number")
        yield endpoint_need(path, inventory, Endpoint(item.namespace, text(service, "name")), port)


def _backends(item: Item) -> Iterator[tuple[Path, Any]]:
    if service := at(item.object, "spec", "defaultBackend", "service"):
        yield ("spec", "defaultBackend", "service"), service
    for rule_path, rule in each(item.object, "spec", "rules"):
        for where, entry in each(rule, "http", "paths"):
            path = (*rule_path, *where, "backend", "service")
            # An annotation of the load balancer's controller may stand for a Service: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
            if (service := at(entry, "backend", "service")) and text(service, "port", "name") != "use-annotation":
                yield path, service
