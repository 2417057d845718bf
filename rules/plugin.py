"""The rules as a validation plugin, which CDK runs over all templates once they are written.

Separate because it is the only module that knows both CDK's protocol and the rules.
https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
"""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii

from mlplatform.config.regions import region
from mlplatform.config.settings import Settings
from mlplatform.rules.rule import Rule, Violation
from mlplatform.rules.table import RULES
from mlplatform.rules.template import Template
from mlplatform.stacks.environment import Environment

NAME = "mlplatform"
"""The prefix of the rules' names where they are acknowledged: `mlplatform::wildcard-action`."""


@jsii.implements(cdk.IPolicyValidationPlugin)
class PlatformRules:
    """The platform's own rules."""

    def __init__(self, environments: Sequence[Settings], rules: Sequence[Rule] = RULES) -> None:
        self._tags = {settings.name: Environment.of(settings).tags for settings in environments}
        self._rules = rules

    @property
    def name(self) -> str:
        """What the report calls the plugin."""
        return NAME

    @property
    def version(self) -> str:
        """The rules change with the platform, so they have its version."""
        return version("mlplatform")

    @property
    def rule_ids(self) -> list[str]:
        """The names of the rules."""
        return [rule.id for rule in self._rules]

    @jsii.member(jsii_name="validate")
    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Check every template, and report each violation with its resource."""
        found = [
            _reported(rule, violation, stack)
            for stack in context.stack_templates
            for template in (self._read(stack),)
            for rule in self._rules
            for violation in rule.check(template)
        ]
        return cdk.PolicyValidationPluginReport(success=not found, violations=found)

    def _read(self, stack: cdk.PolicyValidationStack) -> Template:
        path = Path(stack.template_path)
        text = path.read_bytes()
        return Template(
            stack=stack.stack_construct_path,
            place=region(str(stack.region)),
            body=json.loads(text),
            size=len(text),
            environment_tags=self._tags_of(stack.stack_construct_path),
            stack_tags=_stack_tags(path),
        )

    def _tags_of(self, stack: str) -> Mapping[str, str]:
        owners = [name for name in self._tags if stack.startswith(f"{name}-")]
        if not owners:
            message = f"{stack}: belongs to none of the environments {sorted(self._tags)}; name it <environment>-<concern>"
            raise ValueError(message)
        return self._tags[max(owners, key=len)]


def _stack_tags(template: Path) -> Mapping[str, str]:
    manifest = json.loads((template.parent / "manifest.json").read_text(encoding="utf-8"))
    properties: list[Mapping[str, Any]] = [artifact.get("properties", {}) for artifact in manifest["artifacts"].values()]
    return next(stack.get("tags", {}) for stack in properties if stack.get("templateFile") == template.name)


def _reported(rule: Rule, violation: Violation, stack: cdk.PolicyValidationStack) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name=rule.id,
        description=violation.message,
        fix=violation.remedy,
        severity="error",
        rule_metadata={"forbids": rule.forbids},
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=violation.logical_id,
                # CDK finds a resource's construct by its logical id; what is true of the whole template is the stack's.
                construct_path=None if violation.logical_id else stack.stack_construct_path,
                template_path=stack.template_path,
                locations=[],
            )
        ],
    )
