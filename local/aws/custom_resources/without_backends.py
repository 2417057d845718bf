"""Helm's post-renderer for charts with an APIService: takes it out, because no pod of the local cluster answers for it.

Separate because it is a program that Helm starts, as a plugin. An APIService without a backend blocks the deletion of every namespace.
"""

import json
import os
import re
import sys
from pathlib import Path

from mlplatform.local.aws.custom_resources.not_installed import Release, record

RELEASE = "MLP_RELEASE"
"""The variable that says which release is rendered."""
PLUGIN = "without-backends"
KIND = "APIService"
_IS_ONE = re.compile(rf"^kind:\s*[\"']?{KIND}\b", re.MULTILINE)
_SERVED_BY_A_POD = re.compile(r"^\s+service:|[{,]\s*\"?service\"?:", re.MULTILINE)
_NAME = re.compile(r"^\s+name:\s*[\"']?([^\s\"']+)", re.MULTILINE)
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
        if _IS_ONE.search(document) and _SERVED_BY_A_POD.search(document):
            named = _NAME.search(document)
            names.append(named[1] if named else "?")
        else:
            kept.append(document)
    return "---".join(kept), names


def main() -> None:
    """Read what a chart rendered, write it without them and record their names."""
    kept, names = split(sys.stdin.read())
    release = Release(**json.loads(os.environ[RELEASE]))
    for name in names:
        record(release, KIND, name, "no pod here answers for it, and it would block the deletion of namespaces")
    sys.stdout.write(kept)


if __name__ == "__main__":
    main()
