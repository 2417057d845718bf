"""Secrets and their keys.

Separate because Secrets are also named outside pods: for pulling images and for serving TLS.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.closure.pods import pods_of
from mlplatform.manifests.closure.references.keyed import SECRET, key_need, keyed_needs
from mlplatform.manifests.objects import Object, Path, Ref, each, fields, text


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the Secrets that the object names."""
    yield from keyed_needs(SECRET, item, inventory)
    for pods in pods_of(item):
        yield from _for_pulling(item, pods.spec, pods.path, inventory)
    match item.kind:
        case "ServiceAccount":
            yield from _for_pulling(item, item.object, (), inventory)
        case "Ingress.networking.k8s.io":
            for path, tls in each(item.object, "spec", "tls"):
                if name := text(tls, "secretName"):
                    yield key_need(SECRET, (*path, "secretName"), inventory, Ref("Secret", name, item.namespace), "tls.crt")
        case "Gateway.networking.istio.io":
            yield from _for_gateways(item, inventory)
        case _:
            pass


def _for_pulling(item: Item, holder: Object, prefix: Path, inventory: Inventory) -> Iterator[Need]:
    for path, secret in each(holder, "imagePullSecrets"):
        yield to_have(prefix + path, inventory, "Secret", text(secret, "name"), item.namespace)


def _for_gateways(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Istio reads them where the gateway's pods are: https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings ."""
    pods = inventory.selected("", fields(item.object, "spec", "selector"))
    namespace = pods[0].namespace if pods else item.namespace
    for path, server in each(item.object, "spec", "servers"):
        if name := text(server, "tls", "credentialName"):
            yield to_have((*path, "tls", "credentialName"), inventory, "Secret", name, namespace)
