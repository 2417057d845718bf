"""Helm's post-renderer for charts whose pods the API server asks: takes out what makes it ask, because no pod of the local cluster answers.

Separate because it is a program that Helm starts, as a plugin.
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
KINDS = {
    "APIService": "no pod here answers for it, and it would block the deletion of namespaces",
    "MutatingWebhookConfiguration": "no pod here answers for it, and what it is asked about would be refused",
    "ValidatingWebhookConfiguration": "no pod here answers for it, and what it is asked about would be refused",
}
"""Kinds that make the API server ask pods, each with what it would do to the cluster."""
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


def split(rendered: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what a chart rendered without what pods would answer for, and the kind and name of each such object."""
    kept: list[str] = []
    found: list[tuple[str, str]] = []
    for document in _SEPARATOR.split(rendered):
        if named := _answered_by_a_pod(document):
            found.append(named)
        else:
            kept.append(document)
    return "---".join(kept), found


def _answered_by_a_pod(document: str) -> tuple[str, str] | None:
    """Return the kind and name of an object by which the API server asks a Service; None for any other document."""
    if not any(kind in document for kind in KINDS):
        return None
    # Not at the top: Helm itself starts with this module, and rarely needs it.
    from ruamel.yaml import YAML  # noqa: PLC0415

    parser: Any = YAML(typ="safe", pure=True)
    loaded: Any = parser.load(io.StringIO(document))
    if not loaded or loaded["kind"] not in KINDS:
        return None
    asked = [loaded.get("spec", {}), *(webhook["clientConfig"] for webhook in loaded.get("webhooks") or ())]
    return (loaded["kind"], str(loaded["metadata"]["name"])) if any("service" in each for each in asked) else None


def main() -> None:
    """Read what a chart rendered, write it without them and record their names."""
    kept, found = split(sys.stdin.read())
    release = Release(**json.loads(os.environ[RELEASE]))
    for kind, name in found:
        record(release, kind, name, KINDS[kind])
    sys.stdout.write(kept)


if __name__ == "__main__":
    main()
