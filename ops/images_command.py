"""`mlp images`: every image, chart and add-on of an environment, its copy, and where it is used."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click

from mlplatform.config.catalogue import Image, Mirror
from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.manifests import releases
from mlplatform.manifests.uses import Use, uses
from mlplatform.ops.console import as_json, out, print_json


@click.command()
@click.argument("name")
@as_json
def images(name: str, *, as_json: bool) -> None:
    """List the images, charts and add-ons of environment NAME.

    `upstream` is what its publisher calls it, `mirrored` its copy in the environment's own ECR, which is what is pulled where
    images.source is mirror. Add-ons are pulled from AWS's registry in the region.

    Example: mlp images china-prod --json
    """
    rows = list(listing(load(name)))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        out.print(f"{row['kind']} {row['name']} {row['version']}", markup=False)
        # One a line, because a reference that is cut in two cannot be copied.
        for what in ("upstream", "mirrored"):
            if row[what]:
                out.print(f"    {what}  {row[what]}", markup=False)
        for use in row["used_by"]:
            out.print(f"    used by   {use['release']}{use['where'] and ': '}{use['where']}", markup=False)


def listing(settings: Settings) -> Iterator[Mapping[str, Any]]:
    """Yield what the catalogue holds and the environment uses, a row for each."""
    upstream = settings.upstream
    mirror = settings.mirror or Mirror(settings.place.registry(settings.account), settings.images.prefix)
    used: defaultdict[str, list[Use]] = defaultdict(list)
    for use in uses(settings.catalogue, releases(settings)):
        used[f"{'image' if use.where else 'chart'} {use.name}"].append(use)
    for kind, entries in (("image", upstream.images), ("chart", upstream.charts)):
        for entry in entries.values():
            if places := used.get(f"{kind} {entry.name}"):
                copy = mirror.image(entry) if isinstance(entry, Image) else mirror.chart(entry)
                version = entry.tag if isinstance(entry, Image) else entry.version
                names = {"upstream": entry.reference, "mirrored": copy.reference}
                yield {"kind": kind, "name": entry.name, "version": version, **names, "used_by": [asdict(use) for use in places]}
    for addon in upstream.addons.values():
        names = {"upstream": addon.registry, "mirrored": ""}
        yield {"kind": "add-on", "name": addon.name, "version": addon.version, **names, "used_by": []}
