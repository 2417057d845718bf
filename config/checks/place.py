"""Checks that there are tables for where an environment is and for what it runs."""

from collections.abc import Iterator

from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.regions import REGIONS
from mlplatform.config.settings import Settings
from mlplatform.config.versions import MATCHED_SETS


def _region_has_tables(settings: Settings) -> Iterator[Problem]:
    if settings.region not in REGIONS:
        remedy = "use one of them, or add the region to every table of config/"
        yield Problem("region", f"{shown(settings.region)} has no tables", remedy, listed(REGIONS))


def _version_is_matched(settings: Settings) -> Iterator[Problem]:
    if settings.cluster.version not in MATCHED_SETS:
        remedy = "use one of them; config/versions.py says what goes with each"
        message = f"{shown(settings.cluster.version)} has no matched set of add-ons, Karpenter, Kubeflow and kubectl"
        yield Problem("cluster.version", message, remedy, listed(MATCHED_SETS))


RULES = (rule(_region_has_tables, "region"), rule(_version_is_matched, "cluster.version"))
