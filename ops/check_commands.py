"""`mlp check`: whether everything that an environment's objects need will be there when they are installed."""

import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import click

from mlplatform.config.load import load_all
from mlplatform.config.settings import Settings
from mlplatform.manifests import Wave, waves
from mlplatform.manifests.closure import Finding
from mlplatform.manifests.closure import check as closure
from mlplatform.ops.console import as_json, err, out, print_json, table
from mlplatform.ops.exits import FAILED


@dataclass(frozen=True)
class Checked:
    """One environment, checked."""

    environment: str
    waves: int
    objects: int
    """Objects that its releases install."""
    findings: list[Finding]

    @property
    def passed(self) -> bool:
        """Whether there was something to check and nothing was found."""
        return self.objects > 0 and not self.findings


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@as_json
def check(names: tuple[str, ...], *, as_json: bool) -> None:
    """Check that what the objects of environments NAME, or of all, need is there in time.

    Every Secret and key, ConfigMap, ServiceAccount, claim, port, selector, webhook, route, network path and kind that an
    object needs exists in its wave or an earlier one, or is named as coming from a controller. Needs no cluster.

    Exits with 1 where something is missing, and where an environment has no objects.

    Example: mlp check china-dev
    """
    checked = [examine(settings, waves(settings)) for settings in load_all(names or None)]
    if as_json:
        print_json([{**asdict(result), "passed": result.passed} for result in checked])
    else:
        table([{**asdict(result), "findings": len(result.findings)} for result in checked], "environment", "waves", "objects", "findings")
        for line in _lines(checked):
            out.print(line, markup=False)
    for result in checked:
        if not result.objects:
            err.print(f"mlp check: {result.environment} installs no Kubernetes object yet, so nothing was checked", markup=False)
    if not all(result.passed for result in checked):
        sys.exit(FAILED)


def examine(settings: Settings, installed: list[Wave]) -> Checked:
    """Return what the closure check finds in the waves of an environment."""
    return Checked(settings.name, len(installed), sum(len(wave.objects) for wave in installed), closure(installed))


def _lines(checked: Iterable[Checked]) -> Iterable[str]:
    for result in checked:
        for finding in result.findings:
            yield f"{result.environment}: {finding}"
