"""Releases of ours on a test's cluster, by the same Helm and the same files as the deployment's."""

import json
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mlplatform.config.settings import Settings
from mlplatform.local.aws.custom_resources import without_backends
from mlplatform.local.aws.custom_resources.carried import kinds_chart
from mlplatform.local.aws.custom_resources.cluster_access import write_program
from mlplatform.local.aws.custom_resources.installing import mentions
from mlplatform.local.aws.custom_resources.without_backends import KINDS, PLUGIN, RELEASE, write_plugin
from mlplatform.local.programs import helm_path
from mlplatform.manifests import Release
from mlplatform.manifests.package import chart_files
from mlplatform.ops.rendering import ChartAbsentError, lay_out
from tests.cluster.cluster import Cluster


def write_chart(folder: Path, release: Release) -> Path:
    """Write the chart of a release of ours and return its folder."""
    for path, text in chart_files(release).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def upgrade(release: Release, chart: Path, *options: str) -> list[str]:
    """Return Helm's arguments as CDK's step has them, with a shorter wait."""
    return ["upgrade", release.name, str(chart), "--install", "--namespace", release.namespace, "--wait", "--timeout", "60s", *options]


def laid_out(settings: Settings, release: Release, folder: Path) -> tuple[Path, bool] | None:
    """Return the chart of a release and whether it is whole, or only the kinds of a publisher's that cannot be had here; None without both."""
    try:
        return lay_out(settings, release, folder), True
    except ChartAbsentError:
        assert release.chart
        kinds = kinds_chart(release.chart.name, folder)
        return (kinds, False) if kinds else None


def installed(cluster: Cluster, release: Release, chart: Path, *options: str) -> str:
    """Install or upgrade a release, without what only a pod that runs could answer for, and return what Helm prints."""
    if not cluster.local or not mentions(chart, KINDS):
        return cluster.helm(*upgrade(release, chart, *options))
    scratch = chart.parent / f".{chart.name}.plugin"
    scratch.mkdir(exist_ok=True)
    write_program(scratch / PLUGIN, without_backends.__file__)
    write_plugin(scratch / "plugins", scratch / PLUGIN)
    described = {"region": "", "cluster": "", "namespace": release.namespace, "name": release.name}
    environment = {"HELM_PLUGINS": str(scratch / "plugins"), RELEASE: json.dumps(described)}
    return cluster.helm(*upgrade(release, chart, *options, "--post-renderer", PLUGIN), environment=environment)


def history(cluster: Cluster, release: Release) -> Sequence[str]:
    """Return the states of a release's revisions, the oldest first."""
    revisions = json.loads(cluster.helm("history", release.name, "--namespace", release.namespace, "--output", "json"))
    return [revision["status"] for revision in revisions]


@contextmanager
def step(cluster: Cluster, release: Release, chart: Path) -> Generator[subprocess.Popen[bytes]]:
    """Give the step of a deployment while it waits; it is killed at the end, as Lambda kills it."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cluster.kubeconfig.parent), "KUBECONFIG": str(cluster.kubeconfig)}
    command = [helm_path(), *upgrade(release, chart)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
