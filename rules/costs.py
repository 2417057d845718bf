"""How long each validator takes.

Separate because CDK runs validators and tells nobody their time.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import aws_cdk as cdk
import jsii


@dataclass(frozen=True)
class Cost:
    """What one validator, or what it needs before, took."""

    what: str
    seconds: float
    templates: int
    """Templates that it read: 0 for what is done once, whatever their number."""


class Costs:
    """What validation took, after synthesis; `mlp synth --profile` prints it."""

    def __init__(self) -> None:
        self._costs: list[Cost] = []
        self._running: tuple[str, float, int] | None = None

    def __iter__(self) -> Iterator[Cost]:
        """Yield the costs in the order in which they arose."""
        return iter(self._costs)

    @contextmanager
    def of(self, what: str) -> Generator[None]:
        """Measure what is done inside."""
        start = perf_counter()
        yield
        self._costs.append(Cost(what, perf_counter() - start, templates=0))

    def lap(self, what: str | None, templates: int) -> None:
        """Say that a validator begins, which ends the one before; None when the last has ended."""
        now = perf_counter()
        if self._running:
            name, start, read = self._running
            self._costs.append(Cost(name, now - start, read))
        self._running = (what, now, templates) if what else None


@jsii.implements(cdk.IPolicyValidationPlugin)
class Lap:
    """A validator that finds nothing and marks the time, put between two others.

    Wrapping them instead would carry their reports from Node.js to Python and back, and would hide CDK's own from CDK.
    """

    def __init__(self, costs: Costs, what: str | None) -> None:
        self._costs = costs
        self._what = what

    @property
    def name(self) -> str:
        """What the report would call it, if it ever found anything."""
        return f"time of {self._what}" if self._what else "end of validation"

    @property
    def version(self) -> str:
        """No version matters to anybody."""
        return "1.0.0"

    @property
    def rule_ids(self) -> list[str]:
        """It has no rules."""
        return []

    @jsii.member(jsii_name="validate")
    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Mark the time."""
        self._costs.lap(self._what, len(context.template_paths))
        return cdk.PolicyValidationPluginReport(success=True, violations=[])
