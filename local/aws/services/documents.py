"""Policy documents as statements, in whichever of their spellings they come.

Separate because IAM takes one item for a list nearly everywhere.
"""

import json
from collections.abc import Iterator
from typing import Any, cast


def listed(value: Any) -> list[Any]:
    """Return a list, or what stands for a list of one."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def statements(document: str) -> Iterator[dict[str, Any]]:
    """Yield the statements of a policy document."""
    yield from listed(json.loads(document)["Statement"])


def trusted_services(document: str) -> set[str]:
    """Return the service principals that a trust policy names."""
    principals: list[Any] = [statement.get("Principal") for statement in statements(document)]
    named = [listed(cast("dict[str, Any]", principal).get("Service", [])) for principal in principals if isinstance(principal, dict)]
    return {service for services in named for service in services}


def allowed_actions(documents: list[str]) -> set[str]:
    """Return the actions that policies allow, wherever and under whatever condition."""
    allowing = [statement for document in documents for statement in statements(document) if statement.get("Effect") == "Allow"]
    return {action for statement in allowing for action in listed(statement.get("Action", []))}
