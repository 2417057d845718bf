"""Acknowledgements carried to the constructs that they are about.

Separate so that the acknowledgements themselves stay plain data.
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import aws_cdk as cdk
from constructs import IConstruct

from mlplatform.config.settings import Settings
from mlplatform.rules.acknowledgements import ACKNOWLEDGEMENTS, CHECKOV, Acknowledgement


def acknowledge(app: cdk.App, environments: Iterable[Settings], acknowledgements: Sequence[Acknowledgement] = ACKNOWLEDGEMENTS) -> None:
    """Tell CDK what is acknowledged where, in the environments that the app has; a construct that one lacks is passed over."""
    for settings in environments:
        found: dict[str, list[IConstruct]] = {}
        for acknowledgement in acknowledgements:
            rules = [
                cdk.Acknowledgment(id=name, reason=acknowledgement.reason)
                for rule in acknowledgement.rules
                if not rule.startswith(CHECKOV)
                for name in filled(rule, settings)
            ]
            for at in acknowledgement.at if rules else ():
                for construct in _constructs(app, settings.name, at, found):
                    cdk.Validations.of(construct).acknowledge(*rules)


def filled(rule: str, settings: Settings) -> list[str]:
    """Return a rule's name with the environment's own values in it, once for each tenant where it names one."""
    # Not str.format: the names hold braces of CDK's own, as in ${AWS::Partition}.
    named = rule.replace("{account}", settings.account).replace("{region}", settings.region).replace("{environment}", settings.name)
    return [named.replace("{tenant}", tenant) for tenant in settings.tenants] if "{tenant}" in named else [named]


def _constructs(app: cdk.App, environment: str, at: str, found: dict[str, list[IConstruct]]) -> list[IConstruct]:
    """Return the constructs at a path, each step of which is looked up once an environment: every look-up is a call to Node.js."""
    if at not in found:
        above, _, step = at.rpartition("/")
        if above:
            found[at] = [child for parent in _constructs(app, environment, above, found) for child in _children(parent, step)]
        else:
            found[at] = _children(app, f"{environment}-{step}")
    return found[at]


def _children(parent: IConstruct, step: str) -> list[IConstruct]:
    if "*" in step:
        return [child for child in parent.node.children if fnmatchcase(child.node.id, step)]
    child = parent.node.try_find_child(step)
    return [child] if child else []
