"""`mlp render`: every Kubernetes object of an environment, as files that people read and compare."""

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from mlplatform.config.load import load
from mlplatform.config.problems import listed, shown
from mlplatform.local.programs import ProgramMissingError
from mlplatform.manifests import releases
from mlplatform.manifests.objects import Object, text
from mlplatform.ops.console import err
from mlplatform.ops.exits import FAILED
from mlplatform.ops.rendering import Rendered, RenderingFailedError, render


@click.command("render")
@click.argument("name")
@click.option("--release", "chosen", metavar="RELEASE", multiple=True, help="Only this release; can be given again.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write a folder for each release into DIR.", metavar="DIR")
def render_command(name: str, *, chosen: tuple[str, ...], out: Path | None) -> None:
    """Write every Kubernetes object of environment NAME as its cluster will get it.

    Charts of publishers are rendered by the real Helm where this machine has them or can reach them; one that cannot be had is
    named, and the exit code is 1. Needs no cluster and no account.

    Example: mlp render china-dev --release karpenter --out /tmp/rendered
    """
    settings = load(name)
    known = releases(settings)
    if unknown := [release for release in chosen if release not in {entry.name for entry in known}]:
        message = f"{shown(unknown[0])} is not a release of {name} (allowed: {listed(entry.name for entry in known)}); name one of them"
        raise click.UsageError(message)
    try:
        rendered = render(settings, [release for release in known if not chosen or release.name in chosen])
    except (RenderingFailedError, ProgramMissingError) as error:
        raise click.ClickException(str(error)) from None
    if out:
        _write(out, rendered)
    else:
        for document in _documents(rendered):
            click.echo(document, nl=False)
    for result in rendered:
        if result.absent and (chart := result.release.chart):
            what = f"{result.release.name}: chart {chart.name} {chart.version}"
            err.print(f"mlp render: {what} cannot be had here: {result.absent}", markup=False)
    if any(result.absent for result in rendered):
        sys.exit(FAILED)


def _write(out: Path, rendered: Iterable[Rendered]) -> None:
    for result in rendered:
        folder = out / result.release.name
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.yaml"):
            old.unlink()
        for obj in result.objects:
            file = folder / _file_name(obj, result.release.namespace)
            file.write_text(as_yaml(obj), encoding="utf-8")
        if not result.absent:
            err.print(f"{folder}: {len(result.objects)} objects, Helm's record of them {result.record_bytes / 1000:.0f} kB", markup=False)


def _file_name(obj: Object, own: str) -> str:
    namespace = text(obj, "metadata", "namespace")
    parts = (text(obj, "kind").lower(), namespace if namespace != own else "", text(obj, "metadata", "name").replace(":", "_"))
    return "-".join(filter(None, parts)) + ".yaml"


def _documents(rendered: Iterable[Rendered]) -> Iterator[str]:
    for result in rendered:
        for obj in result.objects:
            yield f"---\n# release {result.release.name}\n{as_yaml(obj)}"


def as_yaml(obj: Object) -> str:
    """Return an object as people write it: keys in its own order, texts of several lines as blocks."""
    yaml: Any = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096
    stream = io.StringIO()
    yaml.dump(_readable(obj), stream)
    return stream.getvalue()


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _readable(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType] - objects are JSON
    if isinstance(value, list):
        return [_readable(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType] - objects are JSON
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value.strip("\n") else value
