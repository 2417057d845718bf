"""A release's objects as the files of a Helm chart.

Separate because the deployment, `mlp render` and the tests package alike, and only here is it known how Helm reads a chart.
"""

import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.late import VALUES, late, late_names
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release

RECORD_LIMIT = 1_048_576
"""Bytes that Kubernetes keeps in a Secret, and so of Helm's record: https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size"""
_OBJECTS = "objects.json"
_TEMPLATE = "templates/objects.yaml"


def chart_files(release: Release) -> dict[str, str]:
    """Return the text of each file of the chart that installs a release's objects, by path.

    The objects are a file that the only template includes as it is, so that `{{ }}` of other engines is not read as Helm's;
    JSON, because a line `---` within a text would otherwise end a document.
    """
    objects = as_documents(release.objects)
    digest = hashlib.sha256(objects.encode()).hexdigest()[:12]
    described = {
        "apiVersion": "v2",
        "name": release.name,
        "description": f"{release.name} of the ML platform",
        "type": "application",
        # Helm's list of releases shows it: the same version is the same content.
        "version": f"0.1.0+{digest}",
    }
    names = late_names(release.objects)
    files = {"Chart.yaml": f"{json.dumps(described, indent=1)}\n", _OBJECTS: objects, _TEMPLATE: _template(names)}
    # Without an empty default, Helm would say `nil pointer` for a value that is not given.
    return files | ({"values.yaml": f"{VALUES}: {{}}\n"} if names else {})


def chart_values(late_values: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a chart of ours."""
    return {VALUES: dict(late_values)} if late_values else {}


def as_documents(objects: Sequence[Object]) -> str:
    """Return objects as a stream that Helm and kubectl read, each on a line of its own."""
    return "".join(f"---\n{json.dumps(obj, ensure_ascii=False, separators=(',', ':'))}\n" for obj in objects)


def record_bytes(files: Mapping[str, str], manifest: str, values: Mapping[str, Any] | None = None) -> int:
    """Return how large Helm's record of a release is: https://helm.sh/docs/topics/kubernetes_apis/ stores chart and manifest, compressed.

    Args:
        files: The chart's files by path.
        manifest: What it renders.
        values: The values that it is installed with.
    """
    entries = [{"name": path, "data": b64encode(text.encode()).decode()} for path, text in files.items()]
    record = {"chart": {"files": entries}, "config": dict(values or {}), "manifest": manifest}
    # Once as Helm encodes it, and once more as Secrets are kept in JSON; the API server counts the first.
    return len(b64encode(gzip.compress(json.dumps(record).encode(), compresslevel=9, mtime=0)))


def _template(names: Sequence[str]) -> str:
    # A late value stands inside a JSON text: quoted as JSON, without the quotes.
    replaced = "".join(
        f' | replace "{late(name)}" (required "{VALUES}.{name} is missing" .Values.{VALUES}.{name} | toJson | trimPrefix "\\"" | trimSuffix "\\"")'
        for name in names
    )
    return f'{{{{ .Files.Get "{_OBJECTS}"{replaced} }}}}\n'
