"""What several environments' comparisons say together: one row for each object, and the totals of each component.

Separate from the command so that tests and CI count as the table does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mlplatform.manifests.conformance.compare import Comparison
from mlplatform.manifests.conformance.row import Row, Status

_GRAVEST: tuple[Status, ...] = ("unaccounted", "changed", "left out", "added", "same")
"""What an object is called whose environments differ."""


@dataclass(frozen=True)
class Accounted:
    """What became of one object in the environments that were compared."""

    component: str
    object: str
    status: Status
    why: tuple[str, ...]
    """Sentences, each with the fields it is for, and with the environments where it is not for all."""
    unexplained: tuple[str, ...]
    upstream: bool


def together(comparisons: Sequence[Comparison]) -> list[Accounted]:
    """Return one row for each object, by component in upstream's order."""
    rows: dict[tuple[str, str], dict[str, Row]] = {}
    for comparison in comparisons:
        for row in comparison.rows:
            rows.setdefault((row.component, row.object), {})[comparison.environment] = row
    order = {component: place for place, component in enumerate(dict.fromkeys(component for component, _ in rows))}
    found = sorted(rows.items(), key=lambda item: (order[item[0][0]], not _first(item[1]).upstream))
    return [_accounted(by_environment) for _, by_environment in found]


def totals(rows: Iterable[Accounted]) -> list[dict[str, object]]:
    """Return how many objects of each component became what, and the sum of all as the last row."""
    by_component: dict[str, list[Accounted]] = {}
    for row in rows:
        by_component.setdefault(row.component, []).append(row)
    every = [row for rows in by_component.values() for row in rows]
    return [_total(name, rows) for name, rows in [*by_component.items(), ("total", every)]]


def _first(by_environment: Mapping[str, Row]) -> Row:
    return next(iter(by_environment.values()))


def _accounted(by_environment: Mapping[str, Row]) -> Accounted:
    first = _first(by_environment)
    statuses = {row.status for row in by_environment.values()}
    return Accounted(
        first.component,
        first.object,
        next(status for status in _GRAVEST if status in statuses),
        tuple(_said({name: row.why for name, row in by_environment.items()})),
        tuple(_said({name: tuple(map(str, row.unexplained)) for name, row in by_environment.items()})),
        first.upstream,
    )


def _said(by_environment: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    for sentence in dict.fromkeys(sentence for sentences in by_environment.values() for sentence in sentences):
        where = [name for name, sentences in by_environment.items() if sentence in sentences]
        yield sentence if len(where) == len(by_environment) else f"{sentence} ({', '.join(where)})"


def _total(name: str, rows: Sequence[Accounted]) -> dict[str, object]:
    count = Counter(row.status for row in rows)
    accounted = f"{100 * (len(rows) - count['unaccounted']) // len(rows)} %" if rows else "-"
    return {
        "component": name,
        "upstream": sum(row.upstream for row in rows),
        "same": count["same"],
        "changed": count["changed"],
        "left_out": count["left out"],
        "added": count["added"],
        "unaccounted": count["unaccounted"],
        "accounted": accounted,
    }
