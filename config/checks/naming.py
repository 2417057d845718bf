"""Checks that names still fit once the environment's name is in front of them."""

from collections.abc import Iterator

from mlplatform.config.checks.rule import rule
from mlplatform.config.names import limited_names
from mlplatform.config.problems import Problem, shown
from mlplatform.config.settings import Settings


def _names_fit(settings: Settings) -> Iterator[Problem]:
    """Yield one problem, of the name that is longest beyond what its service takes."""
    excess, what, limit = max((length - limit, what, limit) for what, length, limit in limited_names(settings.names))
    if excess > 0:
        message = f"{shown(settings.name)} is too long: the name of {what} would have {limit + excess} characters, {limit} are allowed"
        most = f"{len(settings.name) - excess} characters or fewer in {settings.region}"
        yield Problem("name", message, f"shorten the file's name by {excess}", most)


RULES = (rule(_names_fit, "name", "account", "region"),)
