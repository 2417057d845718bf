"""Releases as the objects that a cluster gets, through the real `helm template`.

Separate from the command so that tests and other commands look at the same objects.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from mlplatform.config.catalogue import Chart
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


def _rendered(settings: Settings, release: Release) -> Rendered:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch, release.chart.name if release.chart else release.name)
        found = _published(settings, release.chart, folder) if release.chart else _own(release, folder)
        if isinstance(found, Absent):
            return Rendered(release, [], 0, found.reason)
        known = {name: f"KNOWN-AT-DEPLOYMENT-{name}" for name in late_names([release.objects, release.values])}
        values = filled(release.values, known) if release.chart else chart_values(known)
        manifest = _template(settings, release, folder, values)
        files = {str(path.relative_to(folder)): path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()}
        return Rendered(release, _objects(manifest), record_bytes(files, manifest, values))


def _own(release: Release, folder: Path) -> None:
    for path, text in chart_files(release).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _published(settings: Settings, chart: Chart, folder: Path) -> Absent | None:
    """Put a publisher's chart into the folder; a copy in ECR is the same, and needs credentials."""
    upstream = settings.upstream.charts[chart.name]
    pulled = folder.parent / "pulled"
    pulled.mkdir()
    try:
        found = locate(Wanted(upstream.name, upstream.version, upstream.reference), str(helm_path()), pulled)
    except ChartRefusedError as error:
        raise RenderingFailedError(f"chart {chart.name} {chart.version}: {error}") from None
    if isinstance(found, Absent):
        return found
    unpacked(found, folder)
    return None


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
