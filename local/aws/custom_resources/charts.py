"""Where a chart is found: in the asset, in a folder of charts, in the Go module that carries it, in its registry.

Separate from running Helm because a machine without internet finds charts in other places than AWS, and some nowhere.
"""

import json
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlplatform.local.aws.custom_resources import carried
from mlplatform.local.cluster.golang import ProgramsUnavailableError

OUTSIDE = "MLP_OUTSIDE"
"""The variable with those variables, as JSON, by which the user's programs reach the world; handlers are led to the local AWS alone."""
FOLDER = "MLP_CHARTS"
"""The variable that names a folder of charts: `NAME/` or `NAME-VERSION.tgz`, as `helm pull` writes them."""
_USERS = (
    *("GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOAUTH", "GOMODCACHE", "GOPATH", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)
_PRIVATE = re.compile(r"oci://\d{12}\.dkr\.ecr\.")
_UNREACHABLE = re.compile(
    r"dial tcp|no such host|i/o timeout|connection re|Client\.Timeout|deadline exceeded|proxyconnect|TLS handshake|network is"
)
_VERSION = re.compile(r"^version:\s*[\"']?v?([^\s\"']+)", re.MULTILINE)
_PULL_SECONDS = 120


@dataclass(frozen=True)
class Wanted:
    """A chart as a release names it."""

    name: str
    version: str | None
    repository: str | None
    """URL of the repository, or of the chart itself for one in an OCI registry."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.version)))


@dataclass(frozen=True)
class Absent:
    """There is none on this machine; the reason says where it was looked for."""

    reason: str


class ChartRefusedError(Exception):
    """The registry answered, and has no such chart; the message is Helm's."""


def outside(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variable for programs that look for charts, made from the user's environment."""
    kept = {name: environment[name] for name in _USERS if name in environment}
    return {OUTSIDE: json.dumps({"GOPATH": str(Path.home() / "go"), **kept})}


def locate(wanted: Wanted, helm: str, target: Path) -> Path | Absent:
    """Return a chart's folder or package.

    Args:
        wanted: the chart.
        helm: path of the real Helm.
        target: a folder for what a registry gives.

    Raises:
        ChartRefusedError: The registry can be reached and does not have it: so it would be on AWS.
    """
    os.environ.update(json.loads(os.environ.get(OUTSIDE, "{}")))
    looked: list[str] = []
    for found in (_in_folder(wanted), _in_module(wanted, target / wanted.name)):
        if isinstance(found, Path):
            return found
        looked.append(found.reason)
    found = _in_registry(wanted, helm, target)
    return found if isinstance(found, Path) else Absent("; ".join((*looked, found.reason)))


def unpacked(chart: Path, target: Path) -> None:
    """Put a chart's folder at `target`, as `helm pull --untar` does."""
    if chart.is_dir():
        carried.copy_of_module(chart, target)
        return
    with tarfile.open(chart) as package:
        package.extractall(target.parent, filter="data")


def _in_folder(wanted: Wanted) -> Path | Absent:
    folder = os.environ.get(FOLDER)
    if not folder:
        return Absent(f"{FOLDER} names no folder of charts")
    others: list[str] = []
    for chart in _candidates(Path(folder), wanted):
        version = _version(chart)
        if wanted.version is None or version == wanted.version.removeprefix("v"):
            return chart
        others.append(str(version))
    there = f" in this version, only {', '.join(others)}" if others else ""
    return Absent(f"{folder} has no {wanted.name}{there}")


def _candidates(folder: Path, wanted: Wanted) -> Iterator[Path]:
    if (folder / wanted.name / "Chart.yaml").is_file():
        yield folder / wanted.name
    # `aws-ebs-2.tgz` is no version of `aws`.
    yield from (path for path in sorted(folder.glob(f"{wanted.name}-*.tgz")) if re.match(r"v?\d", path.name[len(wanted.name) + 1 :]))


def _version(chart: Path) -> str | None:
    if chart.is_dir():
        found = _VERSION.search((chart / "Chart.yaml").read_text())
        return found[1] if found else None
    with tarfile.open(chart) as package:
        described = next((member for member in package if member.name.count("/") == 1 and member.name.endswith("/Chart.yaml")), None)
        file = package.extractfile(described) if described else None
        found = _VERSION.search(file.read().decode()) if file else None
    return found[1] if found else None


def _in_module(wanted: Wanted, target: Path) -> Path | Absent:
    chart = carried.CHARTS.get(wanted.name)
    if chart is None:
        return Absent("no Go module of the local cluster carries it")
    if wanted.version is not None and wanted.version.removeprefix("v") != chart.version.removeprefix("v"):
        return Absent(f"the Go module has version {chart.version}")
    try:
        return chart.at(target)
    except ProgramsUnavailableError as error:
        return Absent(str(error))


def _in_registry(wanted: Wanted, helm: str, target: Path) -> Path | Absent:
    if wanted.repository is None:
        return Absent("it names no repository")
    if _PRIVATE.match(wanted.repository):
        return Absent("the local AWS keeps no charts in ECR")
    remote = wanted.repository.startswith("oci://")
    command = [helm, "pull", wanted.repository if remote else wanted.name, "--untar", "--untardir", str(target)]
    command += [] if remote else ["--repo", wanted.repository]
    command += ["--version", wanted.version] if wanted.version else []
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=_PULL_SECONDS)
    except subprocess.TimeoutExpired:
        return Absent(f"{wanted.repository} did not answer in {_PULL_SECONDS} s")
    if done.returncode == 0:
        return target / wanted.name
    if _UNREACHABLE.search(done.stderr):
        return Absent(f"{wanted.repository} cannot be reached")
    raise ChartRefusedError(done.stderr.strip())
