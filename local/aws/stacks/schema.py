"""What CloudFormation's public schemas say about a type: what a change of each property does, and what names it.

Separate because the schemas come from cfn-lint, which carries them for every region, China's included.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from cfnlint.schema import ResourceNotFoundError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

_UNPLACED: object = object()


class Schema:
    """The schema of one type in one region; that of a custom resource says nothing."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.properties = frozenset(document.get("properties", ())) - frozenset(_names(document, "readOnlyProperties"))
        self.takes_tags = bool(document.get("tagging", {}).get("taggable")) or bool({"Tags", "TagList"} & self.properties)
        self._fixed = [_path(pointer) for pointer in document.get("createOnlyProperties", ())]
        self._sometimes = [_path(pointer) for pointer in document.get("conditionalCreateOnlyProperties", ())]
        self._identifier = [_path(pointer)[0] for pointer in document.get("primaryIdentifier", ())]

    def requires_recreation(self, name: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> str:
        """Return whether the change of property `name` replaces the resource: Never, Conditionally or Always."""
        if any(path[0] == name and _changed(path, new, old) for path in self._fixed):
            return "Always"
        if any(path[0] == name and _changed(path, new, old) for path in self._sometimes):
            return "Conditionally"
        return "Never"

    def replaces(self, new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
        """Return whether the change from `old` to `new` cannot be made in place."""
        return any(_changed(path, new, old) for path in self._fixed)

    def fixed_name(self, new: Mapping[str, Any], old: Mapping[str, Any]) -> str | None:
        """Return the name that the template gives to old and new resource alike, which makes a replacement impossible."""
        if not self._identifier or not set(self._identifier) <= self.properties:
            return None
        names = [(new.get(name), old.get(name)) for name in self._identifier]
        return str(names[0][0]) if all(after is not None and after == before for after, before in names) else None


@cache
def schema_of(region: str, type_: str) -> Schema | None:
    """Return the schema of a type, or None where the region has no such type."""
    if is_custom(type_):
        return Schema({})
    schemas: Any = PROVIDER_SCHEMA_MANAGER
    try:
        return Schema(schemas.get_resource_schema(region, type_).schema)
    except ResourceNotFoundError:
        return None


def is_custom(type_: str) -> bool:
    """Say whether a Lambda function of the template's own makes such resources."""
    return type_.startswith("Custom::") or type_ == "AWS::CloudFormation::CustomResource"


def differing(new: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the properties that differ."""
    yield from (name for name in sorted(new.keys() | old.keys()) if new.get(name, _UNPLACED) != old.get(name, _UNPLACED))


def _names(document: Mapping[str, Any], key: str) -> Iterator[str]:
    # Only whole properties: `/properties/Endpoint/Address` leaves Endpoint itself to what the template may write.
    yield from (path[0] for path in map(_path, document.get(key, ())) if len(path) == 1)


def _path(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[2:])


def _changed(path: tuple[str, ...], new: Any, old: Any) -> bool:
    return _at(path, new) != _at(path, old)


def _at(path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    name, rest = path[0], path[1:]
    if name == "*" and isinstance(value, list):
        return [_at(rest, item) for item in cast("list[Any]", value)]
    if isinstance(value, Mapping) and name in value:
        return _at(rest, cast("Mapping[str, Any]", value)[name])
    return None
