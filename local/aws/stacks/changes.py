"""What an update would do, worked out without doing it: the change sets that `cdk diff` and `cdk deploy` read.

Separate from doing it, but by the same rules: the same schemas decide, the same values are compared.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.local.aws.resources.contract import Applied
from mlplatform.local.aws.stacks.errors import NotPlayedError, ValidationError
from mlplatform.local.aws.stacks.intrinsics import NO_VALUE, Scope, UnknownError
from mlplatform.local.aws.stacks.parameters import Parameter
from mlplatform.local.aws.stacks.references import in_order
from mlplatform.local.aws.stacks.schema import Schema, differing, schema_of
from mlplatform.local.aws.stacks.state import AppliedResources, Made, Region, Stack
from mlplatform.local.aws.stacks.template import Declaration, Template
from mlplatform.local.aws.stacks.values import Surroundings

Change = dict[str, Any]
"""One `ResourceChange` as DescribeChangeSet answers it."""

_UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


class Preview:
    """A template and parameters held against a stack as it is."""

    def __init__(
        self, region: Region, stack: Stack, template: Template, parameters: Mapping[str, Parameter], tags: Mapping[str, str]
    ) -> None:
        self._region = region
        self._stack = stack
        self._template = template
        self._tags = tags
        self._known: dict[str, Applied] = dict(AppliedResources(stack.resources))
        self._scope: Scope = Surroundings(region, stack).scope(template, parameters, self._known)
        self._properties: dict[str, dict[str, Any]] = {}

    def changes(self) -> list[Change]:
        """Return every resource change, in the template's order.

        Raises:
            ValidationError: The template breaks a rule of its own, or changes a resource's type.
            NotPlayedError: It uses types or properties that are not played here; all of them are named.
        """
        self._check_rules()
        wanted = set(self._scope.wanted())
        found = {name: change for name in in_order(self._template.resources) if name in wanted for change in self._change(name)}
        self._check_played(wanted)
        removed = [_removal(made) for name, made in self._stack.resources.items() if name not in wanted]
        return [found[name] for name in self._template.resources if name in found] + removed

    def alters_outputs(self) -> bool:
        """Say whether the outputs would be others, which is an update without a resource change."""
        return self._template.outputs != self._stack.template.outputs or self._template.conditions != self._stack.template.conditions

    def _change(self, name: str) -> Iterator[Change]:
        declaration, made = self._template.resources[name], self._stack.resources.get(name)
        properties = self._properties[name] = self._resolved(declaration)
        if made is None or made.status == "CREATE_FAILED":
            self._known.pop(name, None)
            yield {"Action": "Add", "LogicalResourceId": name, "ResourceType": declaration.type, "Scope": [], "Details": []}
            return
        if declaration.type != made.declaration.type:
            raise ValidationError(
                f"Update of resource type is not permitted. The new template modifies resource type of the following resources: [{name}]"
            )
        yield from self._modification(declaration, made, properties)

    def _modification(self, declaration: Declaration, made: Made, properties: Mapping[str, Any]) -> Iterator[Change]:
        schema = schema_of(self._region.name, declaration.type) or Schema({})
        details = [_detail(name, schema, properties, made.properties) for name in differing(properties, made.properties)]
        scopes = ["Properties"] * bool(details)
        if schema.takes_tags and self._tags != made.tags:
            scopes.append("Tags")
            details.append(
                {
                    "Target": {"Attribute": "Tags", "RequiresRecreation": "Never"},
                    "Evaluation": "Static",
                    "ChangeSource": "DirectModification",
                }
            )
        for attribute, differs in _attributes(declaration, made.declaration):
            if differs:
                scopes.append(attribute)
                details.append(
                    {
                        "Target": {"Attribute": attribute, "RequiresRecreation": "Never"},
                        "Evaluation": "Static",
                        "ChangeSource": "DirectModification",
                    }
                )
        if not details and made.sound:
            return
        replacement = _replacement(details)
        if replacement != "False":
            # Whatever refers to it will see another id, which nobody knows yet.
            self._known.pop(declaration.logical_id, None)
        yield {
            "Action": "Modify",
            "LogicalResourceId": declaration.logical_id,
            "PhysicalResourceId": made.applied.physical_id,
            "ResourceType": declaration.type,
            "Replacement": replacement,
            "Scope": scopes,
            "Details": details,
            "BeforeContext": json.dumps({"Properties": made.properties}),
            "AfterContext": json.dumps({"Properties": properties}),
            **({"PolicyAction": _policy_action(declaration.update_replace_policy, replaced=True)} if replacement == "True" else {}),
        }

    def _resolved(self, declaration: Declaration) -> dict[str, Any]:
        values = {name: self._tried(value) for name, value in declaration.properties.items()}
        return {name: value for name, value in values.items() if value is not NO_VALUE}

    def _tried(self, value: Any) -> Any:
        try:
            return self._scope.resolve(value)
        except UnknownError:
            return _UNKNOWN

    def _check_rules(self) -> None:
        for rule in self._template.rules.values():
            if "RuleCondition" in rule and not self._scope.resolve(rule["RuleCondition"]):
                continue
            for assertion in rule.get("Assertions", ()):
                if not self._scope.resolve(assertion["Assert"]):
                    raise ValidationError(
                        f"Template validation error: {assertion.get('AssertDescription', 'a rule of the template does not hold')}"
                    )

    def _check_played(self, wanted: set[str]) -> None:
        unplayed = [what for name in self._template.resources if name in wanted for what in self._unplayed(self._template.resources[name])]
        if unplayed:
            raise NotPlayedError("; ".join(unplayed))

    def _unplayed(self, declaration: Declaration) -> Iterator[str]:
        if schema_of(self._region.name, declaration.type) is None:
            raise ValidationError(
                f"Template format error: Unrecognized resource types: [{declaration.type}] ({declaration.logical_id}: {self._region.name} has no such type)"
            )
        type_ = self._region.types(declaration.type)
        if type_ is None:
            yield f"the resource type {declaration.type} ({declaration.logical_id})"
        elif type_.properties is not None:
            extra = sorted(self._properties[declaration.logical_id].keys() - type_.properties)
            yield from (f"the property {name} of {declaration.type} ({declaration.logical_id})" for name in extra)


def _detail(name: str, schema: Schema, new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    static = new.get(name) != _UNKNOWN
    return {
        "Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": schema.requires_recreation(name, new, old)},
        "Evaluation": "Static" if static else "Dynamic",
        "ChangeSource": "DirectModification" if static else "ResourceReference",
    }


def _attributes(new: Declaration, old: Declaration) -> Iterator[tuple[str, bool]]:
    yield "Metadata", new.metadata != old.metadata
    yield "DeletionPolicy", new.deletion_policy != old.deletion_policy
    yield "UpdateReplacePolicy", new.update_replace_policy != old.update_replace_policy


def _replacement(details: list[dict[str, Any]]) -> str:
    recreating = [detail for detail in details if detail["Target"]["RequiresRecreation"] != "Never"]
    if any(detail["Evaluation"] == "Static" and detail["Target"]["RequiresRecreation"] == "Always" for detail in recreating):
        return "True"
    return "Conditional" if recreating else "False"


def _removal(made: Made) -> Change:
    return {
        "Action": "Remove",
        "LogicalResourceId": made.declaration.logical_id,
        "PhysicalResourceId": made.applied.physical_id,
        "ResourceType": made.declaration.type,
        "Scope": [],
        "Details": [],
        "PolicyAction": _policy_action(made.declaration.deletion_policy, replaced=False),
    }


def _policy_action(policy: str, *, replaced: bool) -> str:
    suffix = policy.replace("RetainExceptOnCreate", "Retain")
    return f"ReplaceAnd{suffix}" if replaced else suffix
