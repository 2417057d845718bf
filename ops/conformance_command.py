"""`mlp conformance`: every object of upstream's Kubeflow and every object of ours, the same or different for a reason."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

import click

from mlplatform.config.load import load_all
from mlplatform.config.problems import listed, shown
from mlplatform.config.settings import Settings
from mlplatform.local.programs import ProgramMissingError
from mlplatform.manifests.conformance import COMPONENTS, compared
from mlplatform.manifests.conformance.index import read
from mlplatform.manifests.conformance.reason import Component
from mlplatform.manifests.objects import Object
from mlplatform.ops.conformance_charts import charts
from mlplatform.ops.conformance_report import Accounted, together, totals
from mlplatform.ops.console import as_json, err, out, print_json, table
from mlplatform.ops.exits import FAILED
from mlplatform.ops.rendering import RenderingFailedError


@click.command()
@click.argument("component", required=False)
@click.option("--env", "environments", metavar="NAME", multiple=True, help="Only this environment; can be given again.")
@click.option(
    "--charts", "look_into_charts", is_flag=True, help="Compare what publishers' charts install too, where this machine has them."
)
@as_json
def conformance(component: str | None, *, environments: tuple[str, ...], look_into_charts: bool, as_json: bool) -> None:
    """Compare the objects of all environments with those of upstream's release, of COMPONENT or of all, one by one.

    Each object of upstream's is the same, changed or left out, and each further one of ours added: for a reason that is named,
    with the fields that it is for. Needs no cluster and none of upstream's files: the index of them is in the repository. What
    comes from a publisher's chart is left out of ours; --charts renders the charts and compares what they install as well.

    Exits with 1 where an object or a difference has no reason.

    Example: mlp conformance dex --env china-dev
    """
    chosen = _chosen(component)
    comparisons = [
        compared(settings, _charts(settings, chosen) if look_into_charts else None) for settings in load_all(environments or None)
    ]
    rows = [row for row in together(comparisons) if component in {None, row.component}]
    names = [comparison.environment for comparison in comparisons]
    if as_json:
        print_json(
            {
                "upstream": read(chosen[0].name).upstream,
                "environments": names,
                "objects": [asdict(row) for row in rows],
                "totals": totals(rows),
            }
        )
    else:
        _print(rows, read(chosen[0].name).upstream, names)
    if not rows or any(row.status == "unaccounted" for row in rows):
        sys.exit(FAILED)


def _chosen(name: str | None) -> list[Component]:
    chosen = [component for component in COMPONENTS if name in {None, component.name}]
    if not chosen:
        names = listed(component.name for component in COMPONENTS)
        message = f"{shown(name)} is not a component of upstream's that is compared (allowed: {names}); name one of them"
        raise click.UsageError(message)
    return chosen


def _charts(settings: Settings, chosen: Sequence[Component]) -> dict[str, list[Object]]:
    try:
        had = charts(settings, chosen)
    except (RenderingFailedError, ProgramMissingError) as error:
        raise click.ClickException(str(error)) from None
    for chart, why in had.absent.items():
        err.print(f"mlp conformance: {settings.name}: chart {chart} cannot be had here, and is not looked into: {why}", markup=False)
    return had.objects


def _print(rows: Sequence[Accounted], upstream: str, environments: Sequence[str]) -> None:
    if not rows:
        err.print(f"mlp conformance: {', '.join(environments)}: installs none of it, so nothing was compared", markup=False)
        return
    cells = [{"component": row.component, "object": row.object, "status": row.status, "why": "\n".join(row.why) or "-"} for row in rows]
    table(cells, "component", "object", "status", "why")
    for line in _unaccounted(rows):
        out.print(line, markup=False)
    out.print("")
    table(totals(rows), "component", "upstream", "same", "changed", "left_out", "added", "unaccounted", "accounted")
    out.print(f"Upstream is {upstream}; compared in {', '.join(environments)}.", markup=False)


def _unaccounted(rows: Iterable[Accounted]) -> Iterator[str]:
    for row in rows:
        if row.status == "unaccounted":
            missing = "is not there and has no reason" if row.upstream else "is not upstream's and has no reason"
            for what in row.unexplained or (missing,):
                yield f"{row.component}: {row.object}: {what}"
