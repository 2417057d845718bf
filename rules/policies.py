"""The IAM policy statements of a template, wherever they are written.

Separate because five kinds of property hold policies, and every rule about permissions reads all of them alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from mlplatform.rules.template import Path, Resource, Template, decoded, listed


class Kind(StrEnum):
    """What a policy is attached to, which decides what its statements mean."""

    TRUST = "trust"
    """Who may assume a role."""
    IDENTITY = "identity"
    """What a role may do."""
    RESOURCE = "resource"
    """Who may do what with one resource: a bucket's, key's or queue's policy."""


@dataclass(frozen=True)
class Statement:
    """One statement of one policy."""

    resource: Resource
    kind: Kind
    path: Path
    body: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        """Whether it grants something, instead of denying it."""
        return self.body.get("Effect") == "Allow"

    @property
    def actions(self) -> list[str]:
        """The actions that are written as text."""
        return [action for action in listed(self.body.get("Action")) if isinstance(action, str)]

    @property
    def services(self) -> list[str]:
        """The service principals that are written as text."""
        principal = self.body.get("Principal")
        named = cast("Mapping[str, Any]", principal).get("Service") if isinstance(principal, Mapping) else None
        return [service for service in listed(named) if isinstance(service, str)]

    def condition(self, operator: str) -> Mapping[str, Any]:
        """Return the keys and values that one condition operator compares, empty if it is not used."""
        conditions = self.body.get("Condition")
        compared = cast("Mapping[str, Any]", conditions).get(operator) if isinstance(conditions, Mapping) else None
        return cast("Mapping[str, Any]", compared) if isinstance(compared, Mapping) else {}


def statements(template: Template) -> Iterator[Statement]:
    """Yield every policy statement of a template, those in JSON texts included."""
    for resource in template.resources:
        for path, body in _documents(resource.properties, ()):
            yield from (
                Statement(resource, _kind(resource, path), path, cast("Mapping[str, Any]", statement))
                for statement in listed(body["Statement"])
                if isinstance(statement, Mapping)
            )


def trust_of(template: Template, logical_id: str) -> list[Statement]:
    """Return the trust policy of one role."""
    return [found for found in statements(template) if found.kind is Kind.TRUST and found.resource.logical_id == logical_id]


def _documents(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    value = decoded(value)
    if isinstance(value, Mapping):
        document = cast("Mapping[str, Any]", value)
        if "Statement" in document:
            yield path, document
        else:
            for key, item in document.items():
                yield from _documents(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(cast("list[Any]", value)):
            yield from _documents(item, (*path, position))


def _kind(resource: Resource, path: Path) -> Kind:
    if "AssumeRolePolicyDocument" in path:
        return Kind.TRUST
    return Kind.IDENTITY if resource.type.startswith("AWS::IAM::") else Kind.RESOURCE
