"""Upstream's objects against ours, one by one and field by field: every difference has a reason, or is unaccounted.

Separate from the reasons, which are data, and from the facts, which are the same for both sides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mlplatform.config.settings import Settings
from mlplatform.manifests.conformance.facts import Facts, facts, reference
from mlplatform.manifests.conformance.index import Index
from mlplatform.manifests.conformance.reason import (
    Added,
    Changed,
    Component,
    Difference,
    FromChart,
    LeftOut,
    Renamed,
    Use,
    covering,
    field_covering,
    uses,
)
from mlplatform.manifests.conformance.row import Row
from mlplatform.manifests.objects import Ref
from mlplatform.manifests.release import Release

Installed = Sequence[Release]
Kind = TypeVar("Kind", Changed, Renamed, LeftOut, FromChart, Added)


@dataclass
class Comparison:
    """An environment, compared."""

    environment: str
    rows: list[Row] = field(default_factory=list[Row])
    used: set[Use] = field(default_factory=set[Use])
    """The reasons that were needed, each with the pattern of it that was."""


def compare(settings: Settings, pairs: Iterable[tuple[Component, Index]], held: Installed, others: Installed = ()) -> Comparison:
    """Return what became of every object of upstream's components and of every object of ours.

    Args:
        settings: The environment; a component that it does not have is not compared.
        pairs: Components, each with its index.
        held: The releases whose objects must all be upstream's or have a reason.
        others: Releases whose objects may be, and whose ConfigMaps pods read.
    """
    return _Comparer(settings, list(pairs), held, others).compared()


def stale(comparisons: Iterable[Comparison], components: Iterable[Component]) -> list[Use]:
    """Return the reasons, with their patterns, that no environment needs any more."""
    needed = {use for comparison in comparisons for use in comparison.used}
    every = dict.fromkeys(use for component in components for reason in component.reasons for use in uses(reason))
    return [use for use in every if use not in needed]


class _Comparer:
    def __init__(self, settings: Settings, pairs: list[tuple[Component, Index]], held: Installed, others: Installed) -> None:
        self._settings = settings
        self._pairs = pairs
        self._releases = [*held, *others]
        brought = [brought.object for release in self._releases for brought in release.brought]
        self._ours: Mapping[Ref, Facts] = facts((obj for release in self._releases for obj in release.objects), brought)
        self._release_of = {reference(obj): release.name for release in held for obj in release.objects}
        self._result = Comparison(settings.name)

    def compared(self) -> Comparison:
        matched = set[Ref]()
        for component, index in self._pairs:
            if not self._settings.kubeflow.has(component.part):
                continue
            for upstream in sorted(index.objects):
                ours, renamed = self._counterpart(component, upstream)
                if ours in self._ours:
                    matched.add(ours)
                    self._result.rows.append(self._matched(component, upstream, ours, index.objects[upstream], renamed))
                else:
                    self._result.rows.append(self._missing(component, upstream))
        self._result.rows.extend(self._added(ref) for ref in sorted(self._release_of) if ref not in matched)
        return self._result

    def _counterpart(self, component: Component, upstream: Ref) -> tuple[Ref, Renamed | None]:
        for reason in _of(Renamed, component):
            if reason.was == str(upstream):
                namespace, _, name = reason.now.partition(" ")[2].rpartition("/")
                return Ref(upstream.kind, name, namespace), reason
        return upstream, None

    def _matched(self, component: Component, upstream: Ref, ours: Ref, theirs: Facts, renamed: Renamed | None) -> Row:
        why: dict[str, list[str]] = {}
        unexplained = list[Difference]()
        if renamed:
            self._result.used.add((renamed, renamed.was))
            why[renamed.why] = ["name"]
        for difference in differences(theirs, self._ours[ours]):
            if reason := self._explained(component, str(upstream), difference):
                why.setdefault(reason.why, []).append(difference.field)
            else:
                unexplained.append(difference)
        status = "unaccounted" if unexplained else "changed" if why else "same"
        sentences = tuple(f"{', '.join(dict.fromkeys(names))}: {sentence}" for sentence, names in why.items())
        return Row(component.name, str(upstream), status, sentences, tuple(unexplained))

    def _explained(self, component: Component, name: str, difference: Difference) -> Changed | None:
        for reason in _of(Changed, component):
            pattern, lines = covering(reason.objects, name), field_covering(reason.fields, difference)
            if pattern and lines:
                self._result.used |= {(reason, pattern), (reason, lines)}
                return reason
        return None

    def _missing(self, component: Component, upstream: Ref) -> Row:
        for reason in (*_of(FromChart, component), *_of(LeftOut, component)):
            if (pattern := covering(reason.objects, str(upstream))) and (why := self._absent(reason)):
                self._result.used.add((reason, pattern))
                return Row(component.name, str(upstream), "left out", (why,))
        return Row(component.name, str(upstream), "unaccounted")

    def _absent(self, reason: FromChart | LeftOut) -> str:
        if isinstance(reason, LeftOut):
            return reason.why
        charts = [release.chart for release in self._releases if release.name == reason.release and release.chart]
        said = [f"installed by the publisher's chart {chart.name} {chart.version}" for chart in charts]
        return "; ".join([*said, *filter(None, [reason.why])]) if said else ""

    def _added(self, ours: Ref) -> Row:
        for component, _ in self._pairs:
            for reason in _of(Added, component):
                if pattern := covering(reason.objects, str(ours)):
                    self._result.used.add((reason, pattern))
                    return Row(component.name, str(ours), "added", (reason.why,), upstream=False)
        return Row(self._release_of[ours], str(ours), "unaccounted", upstream=False)


def differences(theirs: Facts, ours: Facts) -> Iterator[Difference]:
    """Yield each line that only one side has, field by field."""
    for name in sorted({*theirs, *ours}):
        they, we = set(theirs.get(name, ())), set(ours.get(name, ()))
        yield from (Difference(name, line, ours=False) for line in sorted(they - we))
        yield from (Difference(name, line, ours=True) for line in sorted(we - they))


def _of(kind: type[Kind], component: Component) -> Iterator[Kind]:
    return (reason for reason in component.reasons if isinstance(reason, kind))
