"""What one field cannot say about itself: pure functions over settings and tables, each yielding problems."""

from collections.abc import Collection

from mlplatform.config.checks import (
    addresses,
    cluster,
    database,
    endpoints,
    images,
    ingress,
    kubeflow,
    naming,
    network,
    nodes,
    place,
    pools,
    sign_in,
    storage,
    tags,
    tenants,
)
from mlplatform.config.checks.rule import Rule
from mlplatform.config.problems import Problem
from mlplatform.config.settings import Settings

# What others rely on comes first: the tables of a region, the zones, the sizes of networks.
RULES: tuple[Rule, ...] = (
    *place.RULES,
    *naming.RULES,
    *tags.RULES,
    *network.RULES,
    *addresses.RULES,
    *endpoints.RULES,
    *cluster.RULES,
    *nodes.RULES,
    *pools.RULES,
    *images.RULES,
    *database.RULES,
    *storage.RULES,
    *kubeflow.RULES,
    *ingress.RULES,
    *sign_in.RULES,
    *tenants.RULES,
)


def check(settings: Settings, wrong: Collection[str] = ()) -> list[Problem]:
    """Return every problem that settings have with each other and with the tables.

    Args:
        settings: One environment.
        wrong: Paths of settings that are wrong already, whose values here stand in for what the file says.
    """
    paths = set(wrong)
    problems: list[Problem] = []
    of_entries = (*pools.rules(settings), *sign_in.rules(settings), *tenants.rules(settings))
    for rule in (*RULES, *of_entries):
        if not rule.concerns(paths):
            found = list(rule.check(settings))
            problems += found
            paths |= {problem.path for problem in found}
    return problems
