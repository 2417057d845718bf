"""Upstream's objects against ours, one by one and field by field: every difference has a reason, or is unaccounted.

Separate from the reasons, which are data, and from the facts, which are the same for both sides.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

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
    Moved,
    Reason,
    Renamed,
    Use,
    covering,
    field_covering,
    uses,
)
from mlplatform.manifests.conformance.row import Row
from mlplatform.manifests.objects import Object, Ref
from mlplatform.manifests.release import Release

Installed = Sequence[Release]
_Why = dict[str, list[str]]
"""Sentences, each with what it is for."""
Charts = Mapping[str, Sequence[Object]]
"""What the charts of releases install, by the release's name, as far as they could be had."""


@dataclass
class Comparison:
    """An environment, compared."""

    environment: str
    rows: list[Row] = field(default_factory=list[Row])
    used: set[Use] = field(default_factory=set[Use])
    """The reasons that were needed, each with the pattern of it that was."""


def compare(
    settings: Settings,
    pairs: Iterable[tuple[Component, Index]],
    held: Installed,
    others: Installed = (),
    charts: Charts | None = None,
) -> Comparison:
    """Return what became of every object of upstream's components and of every object of ours.

    Args:
        settings: The environment; a component that it does not have is not compared.
        pairs: Components, each with its index.
        held: The releases whose objects must all be upstream's or have a reason.
        others: Releases whose objects may be, and whose ConfigMaps pods read.
        charts: What publishers' charts install, to look into those too.
    """
    return _Comparer(settings, list(pairs), held, others, charts or {}).compared()


def stale(comparisons: Iterable[Comparison], components: Iterable[Component], charts: Container[str] = ()) -> list[Use]:
    """Return the reasons, with their patterns, that no environment needs any more.

    Args:
        comparisons: Of environments of every kind that reasons are written for.
        components: Whose reasons.
        charts: The releases whose charts were looked into.
    """
    needed = {use for comparison in comparisons for use in comparison.used}
    every = dict.fromkeys(use for component in components for reason in component.reasons for use in uses(reason, charts))
    return [use for use in every if use not in needed]


def differences(theirs: Facts, ours: Facts) -> Iterator[Difference]:
    """Yield each line that only one side has, field by field."""
    for name in sorted({*theirs, *ours}):
        they, we = set(theirs.get(name, ())), set(ours.get(name, ()))
        yield from (Difference(name, line, ours=False) for line in sorted(they - we))
        yield from (Difference(name, line, ours=True) for line in sorted(we - they))


class _Comparer:
    def __init__(
        self, settings: Settings, pairs: list[tuple[Component, Index]], held: Installed, others: Installed, charts: Charts
    ) -> None:
        self._settings = settings
        self._pairs = pairs
        self._releases = {release.name: release for release in (*held, *others)}
        brought = [brought.object for release in self._releases.values() for brought in release.brought]
        self._ours: Mapping[Ref, Facts] = facts((obj for release in self._releases.values() for obj in release.objects), brought)
        self._release_of = {reference(obj): release.name for release in held for obj in release.objects}
        self._charts = {name: facts(objects) for name, objects in charts.items()}
        self._result = Comparison(settings.name)

    def compared(self) -> Comparison:
        matched = set[Ref]()
        for component, index in self._pairs:
            if not self._settings.kubeflow.has(component.part):
                continue
            for upstream in sorted(index.objects):
                ours, why = self._counterpart(upstream, component.reasons, self._ours)
                if ours in self._ours:
                    matched.add(ours)
                    pair = (index.objects[upstream], self._ours[ours])
                    pair, moved = self._beside_what_moved(component, upstream, pair)
                    self._result.rows.append(self._matched(component, upstream, pair, component.reasons, why={**why, **moved}))
                else:
                    self._result.rows.append(self._absent(component, upstream, index.objects[upstream]))
        self._result.rows.extend(self._added(ref) for ref in sorted(self._release_of) if ref not in matched)
        return self._result

    def _counterpart(self, upstream: Ref, reasons: Iterable[Reason], among: Container[Ref]) -> tuple[Ref, _Why]:
        """Return what we call an object, and why it is another name than upstream's."""
        for reason in reasons:
            if isinstance(reason, Renamed) and reason.was == str(upstream):
                namespace, _, name = reason.now.partition(" ")[2].rpartition("/")
                if (ours := Ref(upstream.kind, name, namespace)) in among:
                    self._result.used.add((reason, reason.was))
                    return ours, {reason.why: ["name"]}
        return upstream, {}

    def _beside_what_moved(self, component: Component, upstream: Ref, pair: tuple[Facts, Facts]) -> tuple[tuple[Facts, Facts], _Why]:
        """Return both sides with a container where upstream has it, and why ours is elsewhere."""
        theirs, ours = pair
        for reason in component.reasons:
            if not isinstance(reason, Moved) or reason.was != str(upstream):
                continue
            why = {reason.why: [f"container {reason.container}"]}
            moved = next((facts for ref, facts in self._ours.items() if str(ref) == reason.now), None)
            if moved:
                self._result.used.add((reason, reason.was))
                return (theirs, _together(ours, _of_container(moved, reason.container))), why
            if not self._settings.kubeflow.has(reason.without):
                return (_without(theirs, _of_container(theirs, reason.container)), ours), why
        return pair, {}

    def _matched(
        self, component: Component, upstream: Ref, pair: tuple[Facts, Facts], reasons: Sequence[Reason], *, why: _Why, said: str = ""
    ) -> Row:
        why = {sentence: list(names) for sentence, names in why.items()}
        unexplained = list[Difference]()
        for difference in differences(*pair):
            if reason := self._explained(str(upstream), difference, reasons):
                why.setdefault(reason.why, []).append(difference.field)
            else:
                unexplained.append(difference)
        status = "unaccounted" if unexplained else "changed" if why else "same"
        sentences = [f"{', '.join(dict.fromkeys(names))}: {sentence}" for sentence, names in why.items()]
        return Row(component.name, str(upstream), status, tuple(filter(None, [said, *sentences])), tuple(unexplained))

    def _explained(self, name: str, difference: Difference, reasons: Sequence[Reason]) -> Changed | None:
        for reason in reasons:
            if not isinstance(reason, Changed):
                continue
            pattern, lines = covering(reason.objects, name), field_covering(reason.fields, difference)
            if pattern and lines:
                self._result.used |= {(reason, pattern), (reason, lines)}
                return reason
        return None

    def _absent(self, component: Component, upstream: Ref, theirs: Facts) -> Row:
        for reason in component.reasons:
            if (
                isinstance(reason, LeftOut | FromChart)
                and (pattern := covering(reason.objects, str(upstream)))
                and (why := self._why(reason))
            ):
                self._result.used.add((reason, pattern))
                if isinstance(reason, FromChart) and reason.release in self._charts:
                    return self._in_chart(component, upstream, theirs, reason, why)
                return Row(component.name, str(upstream), "left out", (why,))
        return Row(component.name, str(upstream), "unaccounted")

    def _in_chart(self, component: Component, upstream: Ref, theirs: Facts, reason: FromChart, why: str) -> Row:
        installed = self._charts[reason.release]
        ours, changed = self._counterpart(upstream, reason.changes, installed)
        if ours not in installed:
            for left_out in reason.changes:
                if isinstance(left_out, LeftOut) and (pattern := covering(left_out.objects, str(upstream))):
                    self._result.used.add((left_out, pattern))
                    return Row(component.name, str(upstream), "left out", (left_out.why,))
            return Row(component.name, str(upstream), "unaccounted", (f"{why}, which has no such object",))
        return self._matched(component, upstream, (theirs, installed[ours]), reason.changes, why=changed, said=why)

    def _why(self, reason: FromChart | LeftOut) -> str:
        """Return why an object is not among ours, empty where the reason does not hold: no release has the chart, or the part is there."""
        if isinstance(reason, LeftOut):
            return "" if self._settings.kubeflow.has(reason.without) else reason.why
        chart = self._releases[reason.release].chart if reason.release in self._releases else None
        return "; ".join(filter(None, [f"installed by the publisher's chart {chart.name} {chart.version}", reason.why])) if chart else ""

    def _added(self, ours: Ref) -> Row:
        for component, _ in self._pairs:
            for reason in component.reasons:
                if not isinstance(reason, Added) or not fnmatchcase(self._release_of[ours], reason.release):
                    continue
                if pattern := covering(reason.objects, str(ours)):
                    self._result.used.add((reason, pattern))
                    return Row(component.name, str(ours), "added", (reason.why,), upstream=False)
        return Row(self._release_of[ours], str(ours), "unaccounted", upstream=False)


def _of_container(facts: Facts, container: str) -> Facts:
    return {field: tuple(line for line in lines if line.startswith(f"{container}: ")) for field, lines in facts.items()}


def _together(one: Facts, other: Facts) -> Facts:
    return {field: (*one.get(field, ()), *other.get(field, ())) for field in {*one, *other}}


def _without(all_of_it: Facts, part: Facts) -> Facts:
    return {field: tuple(line for line in lines if line not in part.get(field, ())) for field, lines in all_of_it.items()}
