"""Helm for a cluster of this machine: the real one, given charts from where this machine has them.

Separate because it runs as a program of its own, under the name that CDK's handler calls.
"""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from mlplatform.local.aws.custom_resources import carried, charts, not_installed, without_backends
from mlplatform.local.aws.custom_resources.charts import Absent, ChartRefusedError, Wanted
from mlplatform.local.aws.custom_resources.not_installed import Release
from mlplatform.local.cluster.golang import ProgramsUnavailableError

CLUSTER = "MLP_CLUSTER_NAME"
"""The variable that names the cluster, for what is recorded."""
_MARK = ".not-installed"
"""The file that stands for a chart which could not be pulled."""


def main(helm: str, arguments: list[str]) -> int:
    """Run one command of Helm.

    Args:
        helm: path of the real one.
        arguments: as CDK's handler gives them.
    """
    try:
        match arguments:
            case ["upgrade", release, chart, *options]:
                return _upgrade(helm, release, chart, options)
            case ["uninstall", release, *options]:
                return _uninstall(helm, release, options)
            case ["pull", reference, *options]:
                return pull(helm, reference, options)
            case ["registry", "login", *_]:
                return log_in()
            case _:
                return _run([helm, *arguments])
    except ChartRefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def pull(helm: str, reference: str, options: Sequence[str]) -> int:
    """Put an OCI chart into the working directory as `helm pull --untar` does, or a mark that says why there is none."""
    name = reference.rpartition("/")[2]
    target = Path.cwd() / name
    found = charts.locate(Wanted(name, option(options, "--version"), reference), helm, Path.cwd())
    if isinstance(found, Absent):
        target.mkdir()
        (target / _MARK).write_text(json.dumps({"reason": found.reason, "version": option(options, "--version")}))
    elif found != target:
        charts.unpacked(found, target)
    sys.stdout.write(f"Pulled: {reference}\n")
    return 0


def log_in() -> int:
    """Take a password and do nothing with it: charts of ECR are had from elsewhere, and other registries are read by everyone."""
    sys.stdin.read()
    sys.stdout.write("Login Succeeded\n")
    return 0


def located(helm: str, chart: str, options: Sequence[str]) -> tuple[Wanted, Path | Absent]:
    """Return what chart a release wants, and where it is.

    Raises:
        ChartRefusedError: Its registry has none.
    """
    local = Path(chart)
    mark = local / _MARK
    if mark.exists():
        pulled = json.loads(mark.read_text())
        return Wanted(local.name, pulled["version"], None), Absent(pulled["reason"])
    wanted = Wanted(chart.rpartition("/")[2], option(options, "--version"), option(options, "--repo"))
    return wanted, local if local.exists() else charts.locate(wanted, helm, Path.cwd())


def note_absence(release: Release, wanted: Wanted, absent: Absent) -> None:
    """Record that a release's chart is not to be had, and say so in the handler's log."""
    not_installed.record(release, "chart", wanted.name, absent.reason, wanted.version)
    sys.stdout.write(f"release {release.name}: {wanted} is not installed here: {absent.reason}\n")


def released(name: str, options: Sequence[str]) -> Release:
    """Return which release is meant."""
    return Release(os.environ.get("AWS_REGION", ""), os.environ.get(CLUSTER, ""), option(options, "--namespace") or "default", name)


def option(options: Sequence[str], name: str) -> str | None:
    """Return the value of an option, if it is given."""
    return options[options.index(name) + 1] if name in options else None


def mentions(chart: Path, words: Iterable[str]) -> bool:
    """Say whether a chart may make objects of some kinds; those that surely do not are spared the post-renderer, which rewrites all they render."""
    needles = [word.encode() for word in words]
    return any(needle in content for content in _contents(chart) for needle in needles)


def _contents(chart: Path) -> Iterator[bytes]:
    if chart.is_dir():
        yield from (path.read_bytes() for path in chart.rglob("*") if path.is_file())
        return
    with tarfile.open(chart) as package:
        yield from (file.read() for member in package if (file := package.extractfile(member)))


def _upgrade(helm: str, name: str, chart: str, options: list[str]) -> int:
    release = released(name, options)
    not_installed.forget(release)
    wanted, found = located(helm, chart, options)
    if isinstance(found, Absent):
        return _upgrade_kinds(helm, release, wanted, found, options)
    kept = list(options)
    for where in ("--repo", "--version"):
        if where in kept:
            del kept[kept.index(where) : kept.index(where) + 2]
    if mentions(found, without_backends.KINDS):
        kept += ["--post-renderer", without_backends.PLUGIN]
    return _run([helm, "upgrade", name, str(found), *kept], {without_backends.RELEASE: json.dumps(asdict(release))})


def _upgrade_kinds(helm: str, release: Release, wanted: Wanted, absent: Absent, options: Sequence[str]) -> int:
    """Install the kinds of a chart that cannot be had, where a Go module has them: what others make of those kinds is then accepted."""
    try:
        kinds = carried.kinds_chart(wanted.name, Path.cwd() / f"{wanted.name}-kinds")
    except ProgramsUnavailableError as error:
        kinds, absent = None, Absent(f"{absent.reason}; {error}")
    if kinds is None:
        note_absence(release, wanted, absent)
        return 0
    not_installed.record(release, "chart, but for its kinds", wanted.name, absent.reason, wanted.version)
    sys.stdout.write(f"release {release.name}: of {wanted}, only its kinds are installed here: {absent.reason}\n")
    named = {"--values", "--repo", "--version"}
    kept = [word for before, word in zip(("", *options), options, strict=False) if word not in named and before not in named]
    return _run([helm, "upgrade", release.name, str(kinds), *kept])


def _uninstall(helm: str, name: str, options: list[str]) -> int:
    if not_installed.forget(released(name, options)):
        sys.stdout.write(f"release {name} was not installed here\n")
        return 0
    return _run([helm, "uninstall", name, *options])


def _run(command: list[str], environment: dict[str, str] | None = None) -> int:
    return subprocess.run(command, env={**os.environ, **(environment or {})}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
