"""A check and the settings that it reads.

Separate so that a check is left out, and says nothing misleading, where one of those settings is known to be wrong already.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from mlplatform.config.problems import Problem
from mlplatform.config.settings import Settings

Check = Callable[[Settings], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """One check of settings against each other and against tables."""

    check: Check
    reads: tuple[str, ...]
    """Paths of the settings that it reads."""

    def concerns(self, wrong: Collection[str]) -> bool:
        """Whether it reads one of the paths, what is in one, or what one is in."""
        return any(_within(path, read) or _within(read, path) for path in wrong for read in self.reads)


def rule(check: Check, *reads: str) -> Rule:
    """Return a rule of a check and the paths of the settings that it reads."""
    return Rule(check, reads)


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))
