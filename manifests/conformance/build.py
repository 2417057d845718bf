"""`python -m mlplatform.manifests.conformance.build FOLDER [COMPONENT]...`: the index from upstream's rendered YAML.

Separate because it alone reads upstream's files, which are not in this repository. A component is a file `COMPONENT.yaml` of the
folder, as `kubectl kustomize` renders it. Without a component it builds those anew that are there.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from mlplatform.manifests.conformance.facts import facts
from mlplatform.manifests.conformance.index import FOLDER, Index, indexed
from mlplatform.manifests.objects import Object


def build(folder: Path, component: str) -> Index:
    """Return the index of a component, from a folder of upstream's rendered files.

    Raises:
        FileNotFoundError: The folder has no such component.
    """
    return Index(component, folder.name, facts(_objects(folder / f"{component}.yaml"), _everything(folder)))


@cache
def _everything(folder: Path) -> list[Object]:
    return [obj for file in sorted(folder.glob("*.yaml")) for obj in _objects(file)]


@cache
def _objects(file: Path) -> list[Object]:
    parser: Any = YAML(typ="safe")
    with file.open(encoding="utf-8") as stream:
        return [obj for obj in parser.load_all(stream) if obj]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files of the index; return the exit code: 2 where the folder lacks a component, and then nothing is written."""
    parser = ArgumentParser(prog="python -m mlplatform.manifests.conformance.build", description="Index upstream's rendered YAML.")
    parser.add_argument("folder", type=Path, help="upstream's rendered files, one a component; its name is the release's")
    parser.add_argument("components", nargs="*", metavar="COMPONENT", help="by default those that have an index")
    asked = parser.parse_args(arguments)
    components = asked.components or indexed()
    if lacking := [component for component in components if not (asked.folder / f"{component}.yaml").is_file()]:
        there = ", ".join(sorted(file.stem for file in asked.folder.glob("*.yaml"))) or "nothing"
        sys.stderr.write(f"{asked.folder}: has no {lacking[0]}.yaml (there is {there}); name a folder of rendered files\n")
        return 2
    for component in components:
        index = build(asked.folder.resolve(), component)
        (FOLDER / f"{component}.json").write_text(index.as_text(), encoding="utf-8")
        sys.stdout.write(f"{component}: {len(index.objects)} objects of {index.upstream}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
