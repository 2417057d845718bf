"""Checks of how long buckets keep what."""

from collections.abc import Iterator

from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem
from mlplatform.config.settings import Settings


def _artifacts_expire_after_they_move(settings: Settings) -> Iterator[Problem]:
    """Follow https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html."""
    moved, expired = settings.storage.infrequent_access_days, settings.storage.expire_artifacts_days
    if moved and expired and expired <= moved:
        message = f"{expired} is no later than infrequent_access_days, which is {moved}"
        remedy = f"write {moved + 1} or more, or `infrequent_access_days: null`"
        yield Problem("storage.expire_artifacts_days", message, remedy, f"{moved + 1} or more")


RULES = (rule(_artifacts_expire_after_they_move, "storage.infrequent_access_days", "storage.expire_artifacts_days"),)
