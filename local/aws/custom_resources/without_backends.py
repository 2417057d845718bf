"""Helm's post-renderer for charts with an APIService: takes it out, because no pod of the local cluster answers for it.

Separate because it is a program that Helm starts, as a plugin. An APIService without a backend blocks the deletion of every namespace.
"""

import io
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from mlplatform.local.aws.custom_resources.not_installed import Release, record

RELEASE = "MLP_RELEASE"
"""The variable that says which release is rendered."""
PLUGIN = "without-backends"
KIND = "APIService"
_SEPARATOR = re.compile(r"^---\s*$", re.MULTILINE)
_DESCRIPTION = """\
apiVersion: v1
type: postrenderer/v1
name: {name}
version: 0.1.0
runtime: subprocess
runtimeConfig:
  platformCommand:
    - command: {command}
"""


def write_plugin(plugins: Path, command: Path) -> None:
    """Write what Helm reads of the plugin into its folder of plugins."""
    folder = plugins / PLUGIN
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugin.yaml").write_text(_DESCRIPTION.format(name=PLUGIN, command=json.dumps(str(command))))


def split(rendered: str) -> tuple[str, list[str]]:
    """Return what a chart rendered without its APIServices that a pod would answer for, and their names."""
    kept: list[str] = []
    names: list[str] = []
    for document in _SEPARATOR.split(rendered):
        if name := _answered_by_a_pod(document):
            names.append(name)
        else:
            kept.append(document)
    return "---".join(kept), names


def _answered_by_a_pod(document: str) -> str | None:
    """Return the name of an APIService that sends its requests to a Service; None for any other document."""
    if KIND not in document:
        return None
    # Not at the top: Helm itself starts with this module, and rarely needs it.
    from ruamel.yaml import YAML  # noqa: PLC0415

    parser: Any = YAML(typ="safe", pure=True)
    loaded: Any = parser.load(io.StringIO(document))
    is_one = bool(loaded) and loaded["kind"] == KIND and "service" in loaded.get("spec", {})
    return str(loaded["metadata"]["name"]) if is_one else None


def main() -> None:
    """Read what a chart rendered, write it without them and record their names."""
    kept, names = split(sys.stdin.read())
    release = Release(**json.loads(os.environ[RELEASE]))
    for name in names:
        record(release, KIND, name, "no pod here answers for it, and it would block the deletion of namespaces")
    sys.stdout.write(kept)


if __name__ == "__main__":
    main()
