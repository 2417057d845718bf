"""Pod templates, wherever an object holds them.

Separate because a Deployment, a CronJob, a Notebook and a trial's template hold the same thing at different places.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.objects import Path, at, each, entries, fields, text, walk

_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


@dataclass(frozen=True)
class Pods:
    """The pods that one template makes."""

    item: Item
    path: Path
    """Where the pod's spec stands in the object."""
    labels: Mapping[str, str]
    spec: Mapping[str, Any]

    @property
    def namespace(self) -> str:
        """The namespace that the pods run in."""
        return self.item.namespace

    def containers(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield the containers, the initial ones first, each with its path in the object."""
        for group in _CONTAINERS:
            for path, container in each(self.spec, group):
                yield self.path + path, fields(container)

    def port(self, name: str) -> int | None:
        """Return the number of a container port by its name."""
        for _, container in self.containers():
            for entry in entries(container, "ports"):
                if text(entry, "name") == name:
                    return at(entry, "containerPort")
        return None

    def carry(self, labels: Mapping[str, str]) -> bool:
        """Whether the pods have all of these labels."""
        return labels.items() <= self.labels.items()


def pods_of(item: Item) -> Iterator[Pods]:
    """Yield the pod templates of an object that has a namespace; one without makes its pods in namespaces not known here."""
    if not item.namespace:
        return
    for path, value in walk(item.object):
        if path and path[-1] == "spec" and any(text(container, "name") for container in entries(value, "containers")):
            labels = fields(at(item.object, *path[:-1]), "metadata", "labels")
            yield Pods(item, path, labels, fields(value))
