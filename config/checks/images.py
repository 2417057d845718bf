"""Checks of where images are pulled from."""

from collections.abc import Iterator

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem
from mlplatform.config.settings import Settings


def _hosts_are_listed_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("images.public_hosts", settings.images.public_hosts)


RULES = (rule(_hosts_are_listed_once, "images.public_hosts"),)
