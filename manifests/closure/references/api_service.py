"""APIServices and the Service behind each.

Separate because one without a backend breaks discovery and blocks the deletion of every namespace.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need
from mlplatform.manifests.closure.references.endpoint import Endpoint, endpoint_need
from mlplatform.manifests.objects import Path, at, text

_PATH = ("spec", "service")


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the Service that answers for the API."""
    for path, endpoint, port in called(item):
        yield endpoint_need(path, inventory, endpoint, port)


def called(item: Item) -> Iterator[tuple[Path, Endpoint, int]]:
    """Yield path, Service and port of the backend; an APIService without one is the API server's own."""
    if item.kind == "APIService.apiregistration.k8s.io" and (name := text(item.object, *_PATH, "name")):
        port = at(item.object, *_PATH, "port")
        yield _PATH, Endpoint(text(item.object, *_PATH, "namespace"), name), port if isinstance(port, int) else 443
