"""Releases as the objects that a cluster gets, through the real `helm template`.

Separate from the command so that tests and other commands look at the same objects.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from mlplatform.config.settings import Settings
from mlplatform.local.aws.custom_resources.charts import Absent, ChartRefusedError, Wanted, locate, unpacked
from mlplatform.local.programs import helm_path
from mlplatform.manifests import Release
from mlplatform.manifests.late import filled, late_names
from mlplatform.manifests.objects import Object
from mlplatform.manifests.package import chart_files, chart_values, record_bytes

_AT_ONCE = 4


class RenderingFailedError(Exception):
    """Helm refused a chart or its values; the message is its own."""


class ChartAbsentError(Exception):
    """A publisher's chart cannot be had on this machine; the message says where it was looked for."""


@dataclass(frozen=True)
class Rendered:
    """What a release installs."""

    release: Release
    objects: list[Object]
    record_bytes: int
    """How large Helm's record of it is."""
    absent: str = ""
    """Why its chart cannot be had on this machine, where it cannot; there are no objects then."""


def render(settings: Settings, releases: Iterable[Release]) -> list[Rendered]:
    """Return what each release installs.

    Args:
        settings: The environment.
        releases: Releases of it.

    Raises:
        RenderingFailedError: Helm refused one.
        ProgramMissingError: There is no Helm.
    """
    helm_path()  # before threads race to unpack it
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(partial(_rendered, settings), releases))


def lay_out(settings: Settings, release: Release, folder: Path) -> Path:
    """Put the chart of a release into a folder, which is made, and return the folder.

    Raises:
        ChartAbsentError: It is a publisher's, and cannot be had on this machine.
        RenderingFailedError: Its registry has none.
    """
    if release.chart is None:
        for path, text in chart_files(release).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return folder
    # A copy in ECR is the same, and needs credentials.
    upstream = settings.upstream.charts[release.chart.name]
    with TemporaryDirectory() as pulled:
        try:
            found = locate(Wanted(upstream.name, upstream.version, upstream.reference), str(helm_path()), Path(pulled))
        except ChartRefusedError as error:
            raise RenderingFailedError(f"chart {upstream.name} {upstream.version}: {error}") from None
        if isinstance(found, Absent):
            raise ChartAbsentError(found.reason)
        # A package unpacks into a folder of the chart's own name.
        named = Path(pulled, "unpacked", upstream.name)
        named.parent.mkdir()
        unpacked(found, named)
        shutil.copytree(named, folder)
    return folder


def values_of(release: Release) -> Mapping[str, Any]:
    """Return the values that a release's chart gets, with a word in place of what only a deployment knows."""
    known = {name: f"KNOWN-AT-DEPLOYMENT-{name}" for name in late_names([release.objects, release.values])}
    return filled(release.values, known) if release.chart else chart_values(known)


def _rendered(settings: Settings, release: Release) -> Rendered:
    with TemporaryDirectory() as scratch:
        try:
            folder = lay_out(settings, release, Path(scratch, release.name))
        except ChartAbsentError as absent:
            return Rendered(release, [], 0, str(absent))
        values = values_of(release)
        manifest = _template(settings, release, folder, values)
        files = {str(path.relative_to(folder)): path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()}
        return Rendered(release, _objects(manifest), record_bytes(files, manifest, values))


def _template(settings: Settings, release: Release, folder: Path, values: Mapping[str, Any]) -> str:
    command = [helm_path(), "template", release.name, folder, "--namespace", release.namespace, "--values", "-"]
    command += ["--kube-version", settings.versions.control_plane]
    done = subprocess.run(
        command,
        input=json.dumps(dict(values)),
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder.parent)},
    )
    if done.returncode:
        raise RenderingFailedError(f"release {release.name}: {done.stderr.strip()}")
    return done.stdout


def _objects(manifest: str) -> list[Object]:
    parser: Any = YAML(typ="safe")
    return [obj for obj in parser.load_all(manifest) if obj]
