"""One thing that an operation asks IAM for, and what it is derived from.

Separate so that the tables of the services say only what is particular to them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from mlplatform.local.aws.call import Call
from mlplatform.local.iam.location import Location
from mlplatform.local.iam.recording import Seen

Context = Mapping[str, "str | list[str]"]


@dataclass(frozen=True)
class Asked:
    """An action on a resource, with the condition keys that are particular to it."""

    action: str
    resource: str
    context: Context = field(default_factory=dict[str, "str | list[str]"])


@dataclass(frozen=True)
class Situation:
    """A call, where it was made, and what was made before it."""

    call: Call
    here: Location
    seen: Seen

    def text(self, name: str) -> str:
        """Return a parameter of the call, empty where it was not given."""
        return str(self.call.parameters.get(name) or "")

    def fields(self, name: str) -> Mapping[str, Any]:
        """Return a structure among the parameters, empty where it was not given."""
        return self.call.parameters.get(name) or {}

    def entries(self, name: str) -> list[Any]:
        """Return a list among the parameters, empty where it was not given; one value alone is a list of one."""
        value = self.call.parameters.get(name)
        return cast("list[Any]", value) if isinstance(value, list) else [value] if value else []

    def tags(self, name: str) -> Context:
        """Return the condition keys for the tags of an existing resource, by the id or name that the call gives."""
        return of_resource(self.call.tags.get(name, {}))

    @property
    def action(self) -> str:
        """The action that is called like the operation, as most are."""
        return f"{self.call.service}:{self.call.operation}"


Rule = Callable[[Situation], Iterator[Asked]]
"""What one operation asks for."""


def anywhere(situation: Situation) -> Iterator[Asked]:
    """Ask for the action that is called like the operation, which knows no resources."""
    yield Asked(situation.action, "*")


def nothing(_: Situation) -> Iterator[Asked]:
    """Ask for nothing: everybody may."""
    yield from ()


def of_resource(tags: Mapping[str, str]) -> Context:
    """Return the condition keys for the tags that a resource has."""
    return {f"aws:ResourceTag/{key}": value for key, value in tags.items()}


def of_request(tags: Mapping[str, str]) -> Context:
    """Return the condition keys for the tags that a request wants to put on a resource."""
    return {**{f"aws:RequestTag/{key}": value for key, value in tags.items()}, "aws:TagKeys": sorted(tags)} if tags else {}


def pairs(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return tags as AWS's APIs list them, as a mapping."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags}
