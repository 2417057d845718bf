"""Rules about permissions: no wildcard where AWS lets a policy be narrower, no pod's role for every pod.

Separate because least privilege is one subject, whatever the service.
"""

import re
from collections.abc import Iterator, Mapping

from mlplatform.rules.policies import Kind, Statement, statements
from mlplatform.rules.registry import narrowable
from mlplatform.rules.rule import Rule, Violation
from mlplatform.rules.template import Template, listed, spelled

_ONE_SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:[^:*?]+:[^:*?]+")
_SHOWN = 4
"""Actions to name in a message."""


def wildcard_action(template: Template) -> Iterator[Violation]:
    """A grant names its actions: `*` and `s3:*` grow with every release of the service."""
    for statement in _grants(template):
        wide = [action for action in statement.actions if action == "*" or action.endswith(":*")]
        if "NotAction" in statement.body:
            wide.append("everything but NotAction")
        for action in wide:
            yield Violation(
                statement.resource.logical_id,
                f"{spelled(statement.path)} allows {action!r}",
                "name the actions that are needed",
            )


def wildcard_resource(template: Template) -> Iterator[Violation]:
    """A role's grant names its resources, unless none of its actions can be limited to any.

    In a policy of a key, bucket or queue, `*` is the thing itself.
    """
    for statement in _grants(template):
        everything = "*" in listed(statement.body.get("Resource")) or "NotResource" in statement.body
        if statement.kind is not Kind.IDENTITY or not everything:
            continue
        if narrower := sorted({name for action in statement.actions for name in narrowable(action)}):
            more = f" and {len(narrower) - _SHOWN} more" if len(narrower) > _SHOWN else ""
            yield Violation(
                statement.resource.logical_id,
                f"{spelled(statement.path)} allows {', '.join(narrower[:_SHOWN])}{more} on every resource",
                "name the resources by ARN; keep '*' for actions that take none, in a statement of their own",
            )


def unscoped_pod_role(template: Template) -> Iterator[Violation]:
    """A role for pods trusts one service account, by the cluster's issuer and for AWS's own audience.

    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    for statement in statements(template):
        if statement.kind is not Kind.TRUST or "sts:AssumeRoleWithWebIdentity" not in statement.actions:
            continue
        compared = statement.condition("StringEquals")
        if not _ONE_SERVICE_ACCOUNT.fullmatch(_value_of(compared, ":sub")):
            yield Violation(
                statement.resource.logical_id,
                "the role can be assumed by more than one service account",
                "compare the issuer's :sub with StringEquals to system:serviceaccount:<namespace>:<name>; PodRole does",
            )
        if _value_of(compared, ":aud") != "sts.amazonaws.com":
            yield Violation(
                statement.resource.logical_id,
                f"the role accepts tokens for the audience {_value_of(compared, ':aud') or 'of anybody'!r}",
                "compare the issuer's :aud with StringEquals to sts.amazonaws.com, in China too; PodRole does",
            )


RULES = (
    Rule("wildcard-action", "a grant of * or of all actions of a service", wildcard_action),
    Rule("wildcard-resource", "a grant on every resource of actions that can be limited", wildcard_resource),
    Rule("unscoped-pod-role", "a pod's role that more than one service account can assume", unscoped_pod_role),
)


def _grants(template: Template) -> Iterator[Statement]:
    return (statement for statement in statements(template) if statement.allows)


def _value_of(compared: Mapping[str, object], ending: str) -> str:
    values = [value for key, value in compared.items() if key.endswith(ending)]
    return values[0] if len(values) == 1 and isinstance(values[0], str) else ""
