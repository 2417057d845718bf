"""Releases of ours on a test's cluster, by the same Helm and the same files as the deployment's."""

import json
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mlplatform.local.programs import helm_path
from mlplatform.manifests import Release
from mlplatform.manifests.package import chart_files
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


def installed(cluster: Cluster, release: Release, chart: Path, *options: str) -> str:
    """Install or upgrade a release and return what Helm prints."""
    return cluster.helm(*upgrade(release, chart, *options))


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
