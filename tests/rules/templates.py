"""Templates to try rules on, as small as the case needs."""

from typing import Any

from mlplatform.config.regions import region
from mlplatform.rules.rule import Violation
from mlplatform.rules.table import RULES
from mlplatform.rules.template import Template

TAGS = {"mlplatform:environment": "china-dev", "cost-centre": "1234"}
CHINA = "cn-north-1"
GLOBAL = "us-west-2"


def resource(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type, "Properties": properties}


def template(place: str = CHINA, /, **resources: dict[str, Any]) -> Template:
    """Return a template of those resources in a stack that has the environment's tags."""
    body = {"Resources": resources}
    return Template(stack="china-dev-x", place=region(place), body=body, size=1, environment_tags=TAGS, stack_tags=TAGS)


def broken(rule: str, given: Template) -> list[Violation]:
    """Return where a template breaks one rule."""
    (found,) = [entry for entry in RULES if entry.id == rule]
    return list(found.check(given))


def role(*statements: dict[str, Any], trust: Any = None, **properties: Any) -> dict[str, Any]:
    """Return a role with an inline policy of those statements."""
    policies = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument=trust or trusts("lambda.amazonaws.com"), Policies=policies, **properties)


def trusts(*services: str) -> dict[str, Any]:
    """Return a trust policy for services."""
    return {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": list(services)}}]}


def allow(*actions: str, resource: Any = "arn:${AWS::Partition}:s3:::bucket", **more: Any) -> dict[str, Any]:
    """Return a statement that allows actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
