"""Webhooks of admission and of CRD conversion: the Service that answers, its port, and who signs for it.

Separate because a webhook without its Service refuses every object that it watches.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.manifests.closure.definition import CRD
from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.closure.references.endpoint import Endpoint, endpoint_need
from mlplatform.manifests.objects import Path, at, each, text

CONFIGURATIONS = (
    "MutatingWebhookConfiguration.admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
)
_INJECT_FROM = "cert-manager.io/inject-ca-from"


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the Services that the API server calls for this object, and the Certificate that their authority is taken from."""
    for path, endpoint, port in called(item):
        yield endpoint_need(path, inventory, endpoint, port)
    if certificate := text(item.object, "metadata", "annotations", _INJECT_FROM):
        namespace, _, name = certificate.partition("/")
        yield to_have(("metadata", "annotations", _INJECT_FROM), inventory, "Certificate.cert-manager.io", name, namespace)


def called(item: Item) -> Iterator[tuple[Path, Endpoint, int]]:
    """Yield path, Service and port of each webhook; the port is 443 where none is written."""
    if item.kind in CONFIGURATIONS:
        for path, webhook in each(item.object, "webhooks"):
            yield from _service((*path, "clientConfig", "service"), at(webhook, "clientConfig", "service"))
    if item.kind == CRD:
        path = ("spec", "conversion", "webhook", "clientConfig", "service")
        yield from _service(path, at(item.object, *path))


def _service(path: Path, service: Any) -> Iterator[tuple[Path, Endpoint, int]]:
    if name := text(service, "name"):
        port = at(service, "port")
        yield path, Endpoint(text(service, "namespace"), name), port if isinstance(port, int) else 443
