"""The index of upstream's release: for each of its components the facts of its objects, one file each.

Separate because the files are data of ours that a new release of upstream changes by running
`python -m mlplatform.manifests.conformance.build`, never by hand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlplatform.manifests.conformance.facts import Facts
from mlplatform.manifests.objects import Ref

FOLDER = Path(__file__).parent / "index"


@dataclass(frozen=True)
class Index:
    """One component as upstream ships it."""

    component: str
    upstream: str
    """The release, as its folder is called: `kubeflow-26.03.1-rc.2`."""
    objects: Mapping[Ref, Facts]

    def as_text(self) -> str:
        """Return it as its file holds it: a line for each fact, in an order of its own."""
        objects = {_written(ref): {field: list(lines) for field, lines in self.objects[ref].items()} for ref in sorted(self.objects)}
        return json.dumps({"upstream": self.upstream, "objects": objects}, indent=1, ensure_ascii=False) + "\n"


def indexed() -> list[str]:
    """Return the components that have an index, by name."""
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def read(component: str) -> Index:
    """Return the index of a component.

    Raises:
        FileNotFoundError: It has none.
    """
    found = json.loads((FOLDER / f"{component}.json").read_text(encoding="utf-8"))
    objects = {_read(name): {field: tuple(lines) for field, lines in facts.items()} for name, facts in found["objects"].items()}
    return Index(component, found["upstream"], objects)


def _written(ref: Ref) -> str:
    return f"{ref.kind} {ref.namespace}/{ref.name}" if ref.namespace else f"{ref.kind} {ref.name}"


def _read(written: str) -> Ref:
    kind, _, name = written.partition(" ")
    namespace, _, name = name.rpartition("/")
    return Ref(kind, name, namespace)
