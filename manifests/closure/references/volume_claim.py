"""PersistentVolumeClaims, their StorageClass and its driver.

Separate because a claim that nobody provisions keeps its pods pending for ever.
"""

from collections.abc import Iterator

from mlplatform.manifests.closure.inventory import Inventory, earliest
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.closure.pods import pods_of
from mlplatform.manifests.objects import Object, Path, at, each, text

STORAGE_CLASS = "StorageClass.storage.k8s.io"
_DEFAULT = "storageclass.kubernetes.io/is-default-class"


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the claims that the object's pods mount, and what the claims in the object are provisioned by."""
    for pods in pods_of(item):
        for where, volume in each(pods.spec, "volumes"):
            path = pods.path + where
            if name := text(volume, "persistentVolumeClaim", "claimName"):
                yield to_have((*path, "persistentVolumeClaim", "claimName"), inventory, "PersistentVolumeClaim", name, item.namespace)
            if at(volume, "ephemeral", "volumeClaimTemplate"):
                yield _class((*path, "ephemeral", "volumeClaimTemplate", "spec"), item.object, inventory)
    match item.kind:
        case "PersistentVolumeClaim":
            yield _class(("spec",), item.object, inventory)
        case "StatefulSet.apps":
            for path, _ in each(item.object, "spec", "volumeClaimTemplates"):
                yield _class((*path, "spec"), item.object, inventory)
        case "StorageClass.storage.k8s.io":
            # A name under kubernetes.io is in-tree: no driver registers it.
            if (provisioner := text(item.object, "provisioner")) and not provisioner.startswith("kubernetes.io/"):
                yield to_have(("provisioner",), inventory, "CSIDriver.storage.k8s.io", provisioner)
        case _:
            pass


def _class(path: Path, obj: Object, inventory: Inventory) -> Need:
    name = at(obj, *path, "storageClassName")
    if name == "":  # a volume that somebody made by hand
        volume = text(obj, *path, "volumeName")
        if volume:
            return to_have((*path, "volumeName"), inventory, "PersistentVolume", volume)
        return Need(path, "a PersistentVolume", None, instead="it asks for no class", remedy="name its volumeName, or a class")
    if isinstance(name, str):
        return to_have((*path, "storageClassName"), inventory, STORAGE_CLASS, name)
    defaults = [found for found in inventory.of(STORAGE_CLASS) if text(found.object, "metadata", "annotations", _DEFAULT) == "true"]
    return Need(
        (*path, "storageClassName"), "a default StorageClass", earliest(defaults), remedy=f"name a class, or mark one with {_DEFAULT}"
    )
