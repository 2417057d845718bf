"""Checks of where an environment is."""

from collections.abc import Iterator

from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.regions import REGIONS
from mlplatform.config.settings import Settings


def region_has_tables(settings: Settings) -> Iterator[Problem]:
    """Yield a problem when there are no tables for the region."""
    if settings.region not in REGIONS:
        yield Problem("region", f"{shown(settings.region)} has no tables", "use one of these", allowed=listed(REGIONS))
