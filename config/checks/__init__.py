"""What one field cannot say about itself: pure functions over settings and tables, each yielding problems."""

from collections.abc import Callable, Iterator

from mlplatform.config.checks.place import region_has_tables
from mlplatform.config.problems import Problem
from mlplatform.config.settings import Settings

RULES: tuple[Callable[[Settings], Iterator[Problem]], ...] = (region_has_tables,)


def check(settings: Settings) -> list[Problem]:
    """Return every problem that the settings have with each other and with the tables."""
    return [problem for rule in RULES for problem in rule(settings)]
