"""Templates: text to typed parts, with CloudFormation's own complaints about what is wrong.

Separate so that the engine works on parts that are known to be there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import cfnlint.decode

from mlplatform.local.aws.stacks.errors import NotPlayedError, ValidationError
from mlplatform.local.aws.stacks.references import conditions_in, references_in

_SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
}
_ATTRIBUTES = {"Condition", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdateReplacePolicy"}
_RESOURCE_LIMIT = 500
# The default for databases is a snapshot: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
_SNAPSHOT_BY_DEFAULT = {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"}


@dataclass(frozen=True)
class Declaration:
    """One resource as the template declares it."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...]
    condition: str | None
    deletion_policy: str
    update_replace_policy: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """A template's sections; what is absent is empty."""

    text: str
    description: str | None
    parameters: Mapping[str, Mapping[str, Any]]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    rules: Mapping[str, Any]
    resources: Mapping[str, Declaration]
    outputs: Mapping[str, Mapping[str, Any]]

    @property
    def uses_iam(self) -> bool:
        """Whether it makes identities, which a request must acknowledge."""
        return any(resource.type.startswith("AWS::IAM::") for resource in self.resources.values())


EMPTY = Template(text="", description=None, parameters={}, mappings={}, conditions={}, rules={}, resources={}, outputs={})
"""What a stack has before its first change set is executed."""


def parse(text: str) -> Template:
    """Return the template in `text`, JSON or YAML, short forms of intrinsics included.

    Raises:
        ValidationError: It is no template; the message is CloudFormation's.
        NotPlayedError: It needs a transform or another resource attribute that is not played here.
    """
    document = _document(text)
    unknown = sorted(document.keys() - _SECTIONS)
    if unknown:
        raise ValidationError(f"Invalid template property or properties [{', '.join(unknown)}]")
    if document.get("Transform"):
        raise NotPlayedError(f"the transform {document['Transform']}")
    resources = _section(document, "Resources")
    if not resources:
        raise ValidationError("Template format error: At least one Resources member must be defined.")
    if len(resources) > _RESOURCE_LIMIT:
        raise ValidationError(
            f"Template format error: Number of resources, {len(resources)}, is greater than maximum allowed, {_RESOURCE_LIMIT}"
        )
    template = Template(
        text=text,
        description=document.get("Description"),
        parameters=_section(document, "Parameters"),
        mappings=_section(document, "Mappings"),
        conditions=_section(document, "Conditions"),
        rules=_section(document, "Rules"),
        resources={name: _declaration(name, body) for name, body in resources.items()},
        outputs=_section(document, "Outputs"),
    )
    _check_references(template)
    return template


def _document(text: str) -> dict[str, Any]:
    try:
        document: Any = json.loads(text)
    except json.JSONDecodeError:
        parsed, problems = cfnlint.decode.decode_str(text)
        if problems or not isinstance(parsed, dict):
            reason = "; ".join(problem.message for problem in problems) or "it is neither JSON nor YAML"
            raise ValidationError(f"Template format error: unsupported structure: {reason}") from None
        # cfn-lint's nodes carry positions, which nothing here compares, and take an unquoted version for a date.
        document = json.loads(json.dumps(parsed, default=str))
    if not isinstance(document, dict):
        raise ValidationError("Template format error: unsupported structure.")
    return cast("dict[str, Any]", document)


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    section: Any = document.get(name) or {}
    if not isinstance(section, dict):
        raise ValidationError(f"Template format error: {name} must be an object")
    return cast("dict[str, Any]", section)


def _declaration(name: str, body: Any) -> Declaration:
    if not name.isalnum():
        raise ValidationError(f"Template format error: Resource name {name} is non alphanumeric.")
    if not isinstance(body, dict) or not isinstance(cast("dict[str, Any]", body).get("Type"), str):
        raise ValidationError(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
    body = cast("dict[str, Any]", body)
    unplayed = sorted(body.keys() - _ATTRIBUTES)
    if unplayed:
        raise NotPlayedError(f"{', '.join(unplayed)} of resource {name}")
    depends_on: Any = body.get("DependsOn", [])
    type_ = str(body["Type"])
    by_default = "Snapshot" if type_ in _SNAPSHOT_BY_DEFAULT and "DBClusterIdentifier" not in _section(body, "Properties") else "Delete"
    return Declaration(
        logical_id=name,
        type=type_,
        properties=_section(body, "Properties"),
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        condition=body.get("Condition"),
        deletion_policy=body.get("DeletionPolicy", by_default),
        update_replace_policy=body.get("UpdateReplacePolicy", by_default),
        metadata=_section(body, "Metadata"),
    )


def _check_references(template: Template) -> None:
    known = template.resources.keys() | template.parameters.keys()
    for resource in template.resources.values():
        unresolved = [name for name in sorted(references_in(resource.properties) | set(resource.depends_on)) if name not in known]
        if unresolved:
            raise ValidationError(
                f"Template format error: Unresolved resource dependencies [{', '.join(unresolved)}] in the Resources block of the template"
            )
    unresolved = [name for name in sorted(references_in(template.outputs)) if name not in known]
    if unresolved:
        raise ValidationError(
            f"Template format error: Unresolved resource dependencies [{', '.join(unresolved)}] in the Outputs block of the template"
        )
    used = conditions_in(template.outputs) | conditions_in([resource.properties for resource in template.resources.values()])
    used |= {resource.condition for resource in template.resources.values() if resource.condition}
    used |= {output["Condition"] for output in template.outputs.values() if "Condition" in output}
    undeclared = sorted(used - template.conditions.keys())
    if undeclared:
        raise ValidationError(f"Template format error: Unresolved condition dependency {undeclared[0]} in the template")
