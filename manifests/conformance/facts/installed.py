"""What is installed together: ConfigMaps that pods take variables from, pods that Services and policies select.

Separate because what an object means depends on others: two selectors of different labels may select the same pods.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mlplatform.manifests.conformance.facts.names import without_hash
from mlplatform.manifests.conformance.facts.texts import leaves, selector
from mlplatform.manifests.objects import Object, at, entries, fields, kind_of, text


@dataclass(frozen=True)
class _Pods:
    namespace: str
    name: str
    labels: Mapping[str, str]
    ports: Mapping[str, int]


class Installed:
    """Objects that are installed together."""

    def __init__(self, objects: Iterable[Object]) -> None:
        self._data: dict[tuple[str, str, str], Mapping[str, str]] = {}
        self._pods: list[_Pods] = []
        for obj in objects:
            namespace, name = text(obj, "metadata", "namespace"), text(obj, "metadata", "name")
            if kind_of(obj) in {"ConfigMap", "Secret"}:
                self._data[kind_of(obj), namespace, without_hash(name)] = data_of(obj)
            if pod := obj if kind_of(obj) == "Pod" else fields(obj, "spec", "template"):
                self._pods.append(_Pods(namespace, name, fields(pod, "metadata", "labels"), _ports(pod)))

    def data(self, kind: str, namespace: str, name: str) -> Mapping[str, str]:
        """Return what a ConfigMap or Secret holds; nothing where it is not among them."""
        return self._data.get((kind, namespace, without_hash(name)), {})

    def selected(self, namespace: str, wanted: object) -> list[str]:
        """Return the names of the workloads whose pods a selector is for, its labels where none is among them."""
        plain = selector(wanted)
        if not plain:
            return ["every pod"]
        labels, others = fields(plain, "matchLabels"), entries(plain, "matchExpressions")
        found = (
            {}
            if others
            else {pods.name: None for pods in self._pods if pods.namespace == namespace and labels.items() <= pods.labels.items()}
        )
        return list(found) or list(leaves(plain))

    def port(self, namespace: str, wanted: object, port: Any) -> Any:
        """Return the number of a port that is named, of the pods that labels select; the name where they are not among them."""
        labels = fields(wanted)
        named = [
            pods.ports[port]
            for pods in self._pods
            if pods.namespace == namespace and labels.items() <= pods.labels.items() and port in pods.ports
        ]
        return named[0] if named else port


def data_of(obj: Object) -> Mapping[str, str]:
    """Return what a ConfigMap or Secret holds, by key."""
    return {**fields(obj, "data"), **fields(obj, "stringData"), **fields(obj, "binaryData")}


def _ports(pod: object) -> Mapping[str, int]:
    containers = (*entries(pod, "spec", "containers"), *entries(pod, "spec", "initContainers"))
    return {text(port, "name"): at(port, "containerPort") for container in containers for port in entries(container, "ports")}
