"""What a rule is, and what it says when it is broken.

Separate so that each rule's module holds nothing but the rule.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mlplatform.rules.template import Template


@dataclass(frozen=True)
class Violation:
    """One place where a template breaks a rule."""

    logical_id: str | None
    """The resource, or None where the template as a whole is at fault."""
    message: str
    """What is wrong, with the value."""
    remedy: str
    """What to do."""


@dataclass(frozen=True)
class Rule:
    """A rule by its name, and the function that finds where a template breaks it."""

    id: str
    forbids: str
    check: Callable[[Template], Iterable[Violation]]
