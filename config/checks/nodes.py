"""Checks of the system nodes."""

from collections.abc import Iterator

from mlplatform.config.checks.addresses import FIT
from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.instances import FAMILIES, OFFERED, system_families
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.settings import Settings


def _numbers_are_in_order(settings: Settings) -> Iterator[Problem]:
    nodes = settings.cluster.system_nodes
    if not nodes.minimum <= nodes.desired <= nodes.maximum:
        message = f"minimum {nodes.minimum}, desired {nodes.desired} and maximum {nodes.maximum} are not in order"
        yield Problem("cluster.system_nodes", message, "name all three so that each is no less than the one before it")


def _types_are_offered(settings: Settings) -> Iterator[Problem]:
    path, types = "cluster.system_nodes.instance_types", settings.cluster.system_nodes.instance_types
    families = system_families(settings.region)
    for position, instance_type in enumerate(types):
        at, allowed = f"{path}[{position}]", f"families {listed(families)}"
        name, _, size = instance_type.partition(".")
        family = FAMILIES.get(name)
        if family and family.serves_system_nodes and name not in OFFERED[settings.region]:
            yield Problem(at, f"{shown(instance_type)} is not offered in {settings.region}", "use a type of one of them", allowed)
        elif name not in families:
            yield Problem(
                at, f"{shown(instance_type)} is not of a family that system nodes can be of", "use a type of one of them", allowed
            )
        elif family and size not in family.sizes:
            sizes = listed(f"{name}.{known}" for known in family.sizes)
            yield Problem(at, f"{shown(instance_type)} is not a type of {name}", "use one of them", sizes)
    yield from repeated(path, types)


RULES = (
    rule(_numbers_are_in_order, "cluster.system_nodes"),
    rule(_types_are_offered, "region", "cluster.system_nodes.instance_types"),
    FIT,
)
