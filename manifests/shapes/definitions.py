"""Kinds of a component's own, which stay when its release goes.

Separate because deleting a kind deletes every object of it, and for a Profile the namespace of a team: Helm never does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes.metadata import metadata, obj

KEEP: Mapping[str, str] = {"helm.sh/resource-policy": "keep"}
"""The annotation by which Helm leaves an object where it is: https://helm.sh/docs/howto/charts_tips_and_tricks/ ."""
ANYTHING: Mapping[str, Any] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
"""The schema of an object whose fields its controller checks."""


@dataclass(frozen=True)
class Version:
    """One version of a kind."""

    name: str
    schema: Mapping[str, Any] | None = None
    """What an object may hold beside its metadata, as properties of the whole: `{"spec": {...}, "status": {...}}`; anything unless given."""
    served: bool = True
    stored: bool = False
    """Whether objects are kept in this version: one of a kind's versions is."""
    status: bool = False
    """Whether `status` is written apart from the rest."""
    columns: Sequence[tuple[str, str, str]] = ()
    """What `kubectl get` prints: name, type (`string`, `integer`, `date`) and JSON path."""
    required: Sequence[str] = ()
    """Properties that an object must have."""

    def spec(self) -> dict[str, Any]:
        """Return it as Kubernetes has it."""
        empty: dict[str, Any] = {}
        columns = [{"name": name, "type": kind, "jsonPath": path} for name, kind, path in self.columns]
        optional = {"additionalPrinterColumns": columns, "subresources": {"status": empty} if self.status else empty}
        return {
            "name": self.name,
            "served": self.served,
            "storage": self.stored,
            **{key: value for key, value in optional.items() if value},
            "schema": {"openAPIV3Schema": self._schema()},
        }

    def _schema(self) -> dict[str, Any]:
        if self.schema is None:
            return dict(ANYTHING)
        named = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}
        whole = {"type": "object", "properties": {**named, **self.schema}}
        return whole | ({"required": list(self.required)} if self.required else {})


def definition(
    kind: str,
    plural: str,
    group: str,
    versions: Sequence[Version],
    *,
    component: str,
    namespaced: bool = True,
    short_names: Sequence[str] = (),
    categories: Sequence[str] = (),
) -> Object:
    """Return a CustomResourceDefinition, which Helm never deletes.

    Args:
        kind: As objects name it: `Profile`.
        plural: As paths name it: `profiles`.
        group: Its API group.
        versions: Its versions, one of them stored.
        component: What it belongs to.
        namespaced: Whether its objects belong to a namespace.
        short_names: What people type for it.
        categories: Groups of kinds that people ask for by one name: `all`.

    Raises:
        ValueError: None or more than one of its versions is stored.
    """
    stored = [version.name for version in versions if version.stored]
    if len(stored) != 1:
        raise ValueError(f"kind {kind}.{group}: objects are stored in {' and '.join(stored) or 'no version'}; say `stored=True` of one")
    extra = {"shortNames": list(short_names), "categories": list(categories)}
    names = {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()}
    spec = {
        "group": group,
        "names": {**names, **{key: value for key, value in extra.items() if value}},
        "scope": "Namespaced" if namespaced else "Cluster",
        "versions": [version.spec() for version in versions],
    }
    described = metadata(f"{plural}.{group}", component=component, annotations=KEEP)
    return obj("apiextensions.k8s.io/v1", "CustomResourceDefinition", described, spec=spec)
