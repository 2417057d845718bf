"""The rule about size: a template stays clear of what CloudFormation, IAM, SSM and Lambda take.

Separate because a limit is met in the account of whoever has the largest environment, not in ours.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from mlplatform.rules.policies import Kind, statements
from mlplatform.rules.rule import Rule, Violation
from mlplatform.rules.template import Template, listed

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
TEMPLATE_BYTES = 1_000_000
RESOURCES = 500
PARAMETERS = 200
OUTPUTS = 200
PARAMETER_BYTES = 4_096
# A custom resource's properties travel in an asynchronous Lambda event, 256 KB where it was never raised:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
EVENT_BYTES = 262_144
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, white space not counted
TRUST_POLICY_CHARACTERS = 2_048
INLINE_POLICIES_CHARACTERS = 10_240
MANAGED_POLICY_CHARACTERS = 6_144

MARGIN = 0.9
"""The part of a limit that may be used: functions grow when they are resolved, and the next change needs room."""


def too_large(template: Template) -> Iterator[Violation]:
    """A template keeps a tenth of every limit free."""
    split = "move a part into a stack of its own"
    yield from _over(None, "the template's bytes", template.size, TEMPLATE_BYTES, split)
    yield from _over(None, "the template's resources", len(template.resources), RESOURCES, split)
    yield from _over(None, "the template's parameters", len(template.body.get("Parameters", {})), PARAMETERS, split)
    yield from _over(None, "the template's outputs", len(template.body.get("Outputs", {})), OUTPUTS, split)
    for name, parameter in template.body.get("Parameters", {}).items():
        yield from _over(None, f"the bytes of parameter {name}", _size(parameter.get("Default", "")), PARAMETER_BYTES, "shorten it")
    yield from _parameters_of_systems_manager(template)
    yield from _custom_resources(template)
    yield from _policies(template)


RULES = (Rule("too-large", "a template near a limit of AWS", too_large),)


def _parameters_of_systems_manager(template: Template) -> Iterator[Violation]:
    for resource in template.of_type("AWS::SSM::Parameter"):
        if resource.properties.get("Tier", "Standard") == "Standard":
            size = _size(resource.properties.get("Value", ""))
            yield from _over(resource.logical_id, "the bytes of its value", size, PARAMETER_BYTES, "keep it in S3 and its key here")


def _custom_resources(template: Template) -> Iterator[Violation]:
    for resource in template.resources:
        if resource.type.startswith(("Custom::", "AWS::CloudFormation::CustomResource")):
            size = _size(dict(resource.properties))
            yield from _over(resource.logical_id, "the bytes of its properties", size, EVENT_BYTES, "bring the content as an asset in S3")


def _policies(template: Template) -> Iterator[Violation]:
    sizes: Counter[tuple[str | None, str, int]] = Counter()
    for statement in statements(template):
        resource, size = statement.resource, _size(dict(statement.body))
        if statement.kind is Kind.TRUST:
            sizes[resource.logical_id, "the characters of its trust policy", TRUST_POLICY_CHARACTERS] += size
        elif resource.type == "AWS::IAM::ManagedPolicy":
            sizes[resource.logical_id, "the characters of its policy", MANAGED_POLICY_CHARACTERS] += size
        elif statement.kind is Kind.IDENTITY:
            for role in listed(resource.properties.get("Roles")) or [{"Ref": resource.logical_id}]:
                sizes[None, f"the characters of the inline policies of {json.dumps(role)}", INLINE_POLICIES_CHARACTERS] += size
    for (logical_id, what, limit), size in sizes.items():
        yield from _over(logical_id, what, size, limit, "split the role, or name fewer actions and resources")


def _over(logical_id: str | None, what: str, size: int, limit: int, remedy: str) -> Iterator[Violation]:
    if size > limit * MARGIN:
        yield Violation(logical_id, f"{what} are {size:,} of {limit:,}, over the {MARGIN:.0%} that may be used", remedy)


def _size(value: Any) -> int:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode())
