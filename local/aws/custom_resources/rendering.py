"""Helm and kubectl where there is no cluster: charts are rendered and manifests read, and what is broken fails.

Separate because it runs as a program of its own, under the names that CDK's handlers call.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlplatform.local.aws.custom_resources import installing, not_installed
from mlplatform.local.aws.custom_resources.charts import Absent, ChartRefusedError

_KEPT = {"--values", "--namespace"}
"""Options of `helm upgrade` that change what a chart renders; the others say where it is, or how to install it."""
_FLAGS = {"--install", "--create-namespace", "--wait", "--skip-crds", "--atomic"}


def helm(real: str, arguments: list[str]) -> int:
    """Run `helm` as far as that goes without a cluster, by the real Helm at the path `real`."""
    try:
        match arguments:
            case ["upgrade", release, chart, *options]:
                return _render(real, release, chart, options)
            case ["uninstall", release, *options]:
                not_installed.forget(installing.released(release, options))
                sys.stdout.write("nothing to uninstall: there is no cluster here\n")
                return 0
            case ["pull", reference, *options]:
                return installing.pull(real, reference, options)
            case ["registry", "login", *_]:
                return installing.log_in()
            case _:
                return subprocess.run([real, *arguments], check=False).returncode
    except ChartRefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _render(real: str, name: str, chart: str, options: list[str]) -> int:
    release = installing.released(name, options)
    not_installed.forget(release)
    wanted, found = installing.located(real, chart, options)
    if isinstance(found, Absent):
        installing.note_absence(release, wanted, found)
        return 0
    command = [real, "template", name, str(found), *_rendering_options(options)]
    rendered = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    if rendered.returncode == 0:
        objects = sum(1 for line in rendered.stdout.splitlines() if line.startswith("kind:"))
        sys.stdout.write(f"release {name}: rendered {objects} objects; there is no cluster here to install them on\n")
    return rendered.returncode


def _rendering_options(options: list[str]) -> Iterator[str]:
    remaining = iter(options)
    for option in remaining:
        if option == "--skip-crds":
            yield option
        if option in _FLAGS:
            continue
        value = next(remaining, "")
        if option in _KEPT:
            yield from (option, value)


def kubectl(verb: str, arguments: list[str]) -> int:
    """Run `kubectl` as far as that goes without a cluster."""
    if verb == "delete":
        sys.stdout.write("nothing to delete: there is no cluster here\n")
        return 0
    if verb not in {"apply", "create"}:
        sys.stderr.write(f"kubectl {verb}: there is no cluster here to ask\n")
        return 1
    problems = [problem for item in _objects(Path(arguments[arguments.index("-f") + 1])) for problem in _problems(item)]
    for problem in problems:
        sys.stderr.write(f"error: {problem}\n")
    return 1 if problems else 0


def _objects(manifest: Path) -> Iterator[dict[str, Any]]:
    """Read the objects that CDK's handler writes one after the other."""
    decoder, text = json.JSONDecoder(), manifest.read_text()
    position = 0
    while position < len(text):
        item, position = decoder.raw_decode(text, position)
        yield item


def _problems(item: dict[str, Any]) -> Iterator[str]:
    named = item.get("metadata", {})
    missing = [name for name in ("apiVersion", "kind") if not item.get(name)]
    if not named.get("name") and not named.get("generateName"):
        missing.append("metadata.name")
    for name in missing:
        yield f"error validating data: {name} not set in {json.dumps(item)[:200]}"


if __name__ == "__main__":
    program, real_helm, called, *rest = sys.argv[1:]
    sys.exit(helm(real_helm, [called, *rest]) if program == "helm" else kubectl(called, rest))
