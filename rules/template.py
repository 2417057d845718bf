"""A synthesised template as rules read it: its resources, its texts, and the environment that it is for.

Separate so that a rule is a small function over plain data, which a test can write down.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from mlplatform.config.partitions import Partition
from mlplatform.config.regions import Region

Path = tuple[str | int, ...]
"""The way to a value inside a template: keys and positions."""


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """One stack's template."""

    stack: str
    """The stack's construct path, `<environment>-<concern>`."""
    place: Region
    """The region that the stack is deployed to."""
    body: Mapping[str, Any]
    size: int = 0
    """Bytes of the file."""
    environment_tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tags that every resource of the environment must carry."""
    stack_tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tags of the stack itself, which CloudFormation puts on every resource that takes tags."""

    @property
    def partition(self) -> Partition:
        """The partition that the stack is deployed to."""
        return self.place.partition

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """The template's resources, in its order."""
        return tuple(
            Resource(logical_id, str(resource.get("Type")), resource.get("Properties", {}))
            for logical_id, resource in self.body.get("Resources", {}).items()
        )

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of the named types."""
        return (resource for resource in self.resources if resource.type in types)


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in a value with the way to it: keys, and texts inside JSON that is itself a text, included.

    A trust policy written as `Fn::Sub` and the values of a Helm release are JSON in a text; a rule must see through it.
    """
    value = decoded(value)
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield (*path, key), key
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(cast("list[Any]", value)):
            yield from texts(item, (*path, position))


def decoded(value: Any) -> Any:
    """Return what a JSON text says, and any other value as it is."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def listed(value: Any) -> list[Any]:
    """Return a value that a template may write alone or in a list, as a list."""
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def spelled(path: Path) -> str:
    """Return the way to a value as a person writes it: `Properties.Tags[0].Key`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
