"""Kubernetes objects as plain data: what they are called, and how to look into them.

Separate because an object that somebody wrote wrongly must lead to a sentence, never to a traceback.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

Object = Mapping[str, Any]
"""One Kubernetes object, as `kubectl get -o json` gives it."""
Path = tuple[str | int, ...]
"""Where something stands in an object: `("spec", "template", "spec", "containers", 0)`."""


@dataclass(frozen=True, order=True)
class Ref:
    """What an object is called in a cluster."""

    kind: str
    """kubectl's notation: `Deployment.apps`, `Secret`."""
    name: str
    namespace: str = ""
    """Empty for kinds that belong to no namespace."""

    def __str__(self) -> str:
        """Return it as people say it: `Deployment kubeflow/ml-pipeline`."""
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind.partition('.')[0]} {name}"


def qualified(kind: str, group: str) -> str:
    """Return a kind in kubectl's notation, which tells Istio's Gateway from the Gateway API's."""
    return f"{kind}.{group}" if group else kind


def group_version(obj: Object) -> tuple[str, str]:
    """Return an object's API group (empty for the core group) and version."""
    group, _, version = text(obj, "apiVersion").rpartition("/")
    return group, version


def kind_of(obj: Object) -> str:
    """Return an object's kind in kubectl's notation."""
    return qualified(text(obj, "kind"), group_version(obj)[0])


def at(value: object, *path: str | int) -> Any:
    """Return what stands at a path, or None."""
    for key in path:
        if isinstance(value, Mapping):
            value = cast("Mapping[Any, Any]", value).get(key)
        elif isinstance(value, Sequence) and isinstance(key, int) and key < len(cast("Sequence[Any]", value)):
            value = cast("Sequence[Any]", value)[key]
        else:
            return None
    return value


def text(value: object, *path: str | int) -> str:
    """Return the text at a path, empty where there is none."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def fields(value: object, *path: str | int) -> Mapping[str, Any]:
    """Return the mapping at a path, empty where there is none."""
    found = at(value, *path)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def entries(value: object, *path: str | int) -> list[Any]:
    """Return the list at a path, empty where there is none."""
    found = at(value, *path)
    return list(cast("Sequence[Any]", found)) if isinstance(found, Sequence) and not isinstance(found, str) else []


def each(value: object, *path: str | int) -> Iterator[tuple[Path, Any]]:
    """Return the entries of the list at a path, each with the path that it stands at."""
    for index, entry in enumerate(entries(value, *path)):
        yield (*path, index), entry


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Return everything in an object, outermost first, each with the path that it stands at."""
    yield path, value
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, Any]", value).items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inner in enumerate(cast("Sequence[Any]", value)):
            yield from walk(inner, (*path, index))
