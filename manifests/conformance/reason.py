"""Why an object of ours is not as upstream's: reviewed data, one sentence for everything that it is true of.

Separate because reasons are written beside each component and read by the comparison alone.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, order=True)
class Difference:
    """A line of a field that one side has."""

    field: str
    line: str
    ours: bool
    """Whether it is ours; upstream's otherwise."""

    def __str__(self) -> str:
        """Return it as a comparison shows it: `+ env: dashboard: COLLECT_METRICS=false`, `-` for what upstream alone has."""
        return f"{'+' if self.ours else '-'} {self.field}: {self.line}"


@dataclass(frozen=True)
class Changed:
    """Objects of ours that differ in named fields."""

    why: str
    fields: tuple[str, ...]
    """A field (`env`), or lines of it (`env: * COLLECT_METRICS=*`); a line of a container begins with the container's name."""
    objects: tuple[str, ...] = ("*",)
    """`Kind namespace/name`, with `*` for any text."""


@dataclass(frozen=True)
class Renamed:
    """An object of ours under another name; it is compared like any other."""

    why: str
    was: str
    now: str


@dataclass(frozen=True)
class Moved:
    """A container that ours has in pods of its own; it is compared like any other."""

    why: str
    container: str
    was: str
    now: str
    without: str = ""
    """There are no such pods where the environment lacks this component."""


@dataclass(frozen=True)
class LeftOut:
    """Objects of upstream that we do not have."""

    why: str
    objects: tuple[str, ...]
    without: str = ""
    """Only where the environment lacks this component of `mlplatform.config.components`."""


@dataclass(frozen=True)
class FromChart:
    """Objects of upstream that a publisher's chart installs, as long as a release of ours has that chart."""

    release: str
    """The release of ours."""
    why: str = ""
    """What else there is to say."""
    objects: tuple[str, ...] = ("*",)
    changes: tuple[Changed | Renamed | LeftOut, ...] = ()
    """What the chart and our values make different, seen where the chart can be had."""


@dataclass(frozen=True)
class Added:
    """Objects of ours that upstream does not have."""

    why: str
    objects: tuple[str, ...]
    release: str = "*"
    """The releases of ours that they are in."""


Reason = Changed | Renamed | Moved | LeftOut | FromChart | Added


@dataclass(frozen=True)
class Component:
    """A component of upstream, and why ours is not the same."""

    name: str
    """As upstream's file is called, and the index."""
    part: str
    """The component of `mlplatform.config.components` that an environment must have for it."""
    reasons: tuple[Reason, ...]
    """The first that covers an object or a difference gives its sentence."""


Use = tuple[Reason, str]
"""A reason, and which of its patterns was needed."""


def covering(patterns: tuple[str, ...], name: str) -> str:
    """Return the first pattern that covers an object, empty where none does."""
    return next((pattern for pattern in patterns if fnmatchcase(name, pattern)), "")


def field_covering(patterns: tuple[str, ...], difference: Difference) -> str:
    """Return the first field, or lines of a field, that a difference is in, empty where it is in none."""
    line = f"{difference.field}: {difference.line}"
    return next((pattern for pattern in patterns if pattern == difference.field or fnmatchcase(line, pattern)), "")


def uses(reason: Reason, charts: Container[str]) -> Iterator[Use]:
    """Yield every pattern of a reason: each must be needed somewhere, or the reason is stale.

    Args:
        reason: The reason.
        charts: The releases whose charts were looked into; of others nobody knows what our values change.
    """
    if isinstance(reason, Renamed | Moved):
        yield reason, reason.was
        return
    yield from ((reason, pattern) for pattern in reason.objects)
    if isinstance(reason, Changed):
        yield from ((reason, pattern) for pattern in reason.fields)
    if isinstance(reason, FromChart) and reason.release in charts:
        yield from (use for change in reason.changes for use in uses(change, charts))
