"""Checks of the database."""

import re
from collections.abc import Iterator

from mlplatform.config.checks.rule import rule
from mlplatform.config.database_classes import classes, families
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.settings import Settings
from mlplatform.config.stages import INSTANCE_CLASSES

# The major versions that parameters and clients are set for: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
_VERSIONS = {
    "mysql": (re.compile(r"8\.4\.[0-9]{1,3}"), "8.4.N"),
    "aurora-mysql": (re.compile(r"8\.0\.mysql_aurora\.3\.[0-9]{1,3}\.[0-9]{1,3}"), "8.0.mysql_aurora.3.N.N"),
}


def _class_is_offered(settings: Settings) -> Iterator[Problem]:
    path, engine, name = "database.instance_class", settings.database.engine, settings.database.instance_class
    offered = families(engine, settings.region)
    family = ".".join(name.split(".")[:2])
    usual = INSTANCE_CLASSES[settings.stage, engine]
    if family not in offered:
        message = f"{shown(name)} is not offered for {engine} in {settings.region}"
        yield Problem(path, message, f"use a class of one of them, as {usual}", f"families {listed(offered)}")
    elif name not in classes(engine, family):
        yield Problem(path, f"{shown(name)} is not a class of {family}", "use one of them", listed(classes(engine, family)))


def _version_is_of_the_engine(settings: Settings) -> Iterator[Problem]:
    pattern, form = _VERSIONS[settings.database.engine]
    if not pattern.fullmatch(settings.database.version):
        message = f"{shown(settings.database.version)} is not a version of {settings.database.engine} that the platform runs on"
        remedy = "use one that `aws rds describe-db-engine-versions` lists, or remove it for the one that is tested"
        yield Problem("database.version", message, remedy, form)


def _storage_can_grow(settings: Settings) -> Iterator[Problem]:
    """Follow https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html: a tenth more at least."""
    database = settings.database
    least = -(-database.storage_gib * 11 // 10)
    if database.engine == "mysql" and database.maximum_storage_gib < least:
        message = f"{database.maximum_storage_gib} is less than a tenth more than storage_gib, which is {database.storage_gib}"
        yield Problem("database.maximum_storage_gib", message, f"write {least} or more", f"{least} or more")


RULES = (
    rule(_class_is_offered, "region", "stage", "database.engine", "database.instance_class"),
    rule(_version_is_of_the_engine, "database.engine", "database.version"),
    rule(_storage_can_grow, "database.engine", "database.storage_gib", "database.maximum_storage_gib"),
)
