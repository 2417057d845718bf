"""Rules about permissions: no wildcard where AWS lets a policy be narrower, no pod's role for every pod.

Separate because least privilege is one subject, whatever the service.
"""

import re
from collections.abc import Iterator, Mapping

from mlplatform.rules.policies import Kind, Statement, statements
from mlplatform.rules.registry import narrowable
from mlplatform.rules.rule import Rule, Violation
from mlplatform.rules.template import Template, listed, spelled

_SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:[^:*?]+:[^:*?]+")
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
    """A role for pods trusts service accounts that it names, by the cluster's issuer and for AWS's own audience.

    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    for statement in statements(template):
        if statement.kind is not Kind.TRUST or "sts:AssumeRoleWithWebIdentity" not in statement.actions:
            continue
        compared = statement.condition("StringEquals")
        subjects, audiences = _values(compared, ":sub"), _values(compared, ":aud")
        if not subjects or not all(_SERVICE_ACCOUNT.fullmatch(subject) for subject in subjects):
            yield Violation(
                statement.resource.logical_id,
                f"the role can be assumed by service accounts that it does not name: {', '.join(subjects) or 'all'}",
                "compare the issuer's :sub with StringEquals to system:serviceaccount:<namespace>:<name>; PodRole does",
            )
        if audiences != ["sts.amazonaws.com"]:
            yield Violation(
                statement.resource.logical_id,
                f"the role accepts tokens for the audience {', '.join(audiences) or 'of anybody'}",
                "compare the issuer's :aud with StringEquals to sts.amazonaws.com, in China too; PodRole does",
            )


RULES = (
    Rule("wildcard-action", "a grant of * or of all actions of a service", wildcard_action),
    Rule("wildcard-resource", "a grant on every resource of actions that can be limited", wildcard_resource),
    Rule("unscoped-pod-role", "a pod's role that unnamed service accounts can assume", unscoped_pod_role),
)


def _grants(template: Template) -> Iterator[Statement]:
    return (statement for statement in statements(template) if statement.allows)


def _values(compared: Mapping[str, object], ending: str) -> list[str]:
    return [str(value) for key, values in compared.items() if key.endswith(ending) for value in listed(values)]
