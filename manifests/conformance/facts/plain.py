"""What objects say whose kind has no defaults and no order worth knowing: every field as it stands.

Separate because custom resources of Istio, cert-manager and Kubeflow need no code of their own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from mlplatform.manifests.conformance.facts.installed import Installed
from mlplatform.manifests.conformance.facts.texts import Line, entry, leaves
from mlplatform.manifests.objects import Object, fields, text

_ABOUT = frozenset({"apiVersion", "kind", "metadata", "status", "spec", "description"})


def of_namespace(obj: Object, _: Installed) -> Iterator[Line]:
    """Yield the labels, which say who admits its pods and who puts a sidecar into them."""
    yield from (("labels", leaf) for key, value in fields(obj, "metadata", "labels").items() for leaf in leaves(value, key))


def of_anything(obj: Object, installed: Installed) -> Iterator[Line]:
    """Yield a field for each key of the spec and beside it; a list of mappings has a line for each of its entries."""
    for key, value in {**{key: value for key, value in obj.items() if key not in _ABOUT}, **fields(obj, "spec")}.items():
        if key == "selector" and "matchLabels" in fields(value):
            yield from ((key, pods) for pods in installed.selected(text(obj, "metadata", "namespace"), value))
        else:
            yield from ((key, line) for line in _of_field(value))


def _of_field(value: object) -> Iterator[str]:
    if isinstance(value, list) and any(isinstance(inner, Mapping) for inner in cast("list[Any]", value)):
        yield from (entry(inner) for inner in cast("list[Any]", value))
    elif isinstance(value, list):
        yield from (str(inner) for inner in cast("list[Any]", value))
    else:
        yield from leaves(value)
