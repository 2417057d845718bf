"""Intrinsic functions: a template's values once parameters, conditions and resources are known.

Separate because everything that reads a template resolves through it: resources, outputs, conditions, rules and change sets.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from mlplatform.local.aws.resources.contract import Applied
from mlplatform.local.aws.stacks.errors import NotPlayedError, ValidationError
from mlplatform.local.aws.stacks.template import Template

NO_VALUE = object()
"""What `AWS::NoValue` resolves to; it removes the key or the item that holds it."""

_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")
_PAIR = 2


class UnknownError(Exception):
    """The value is known only once a resource that does not exist yet does."""


@dataclass(frozen=True)
class Scope:
    """Everything that a template's values can depend on."""

    template: Template
    parameters: Mapping[str, Any]
    """Values by name, pseudo parameters among them."""
    resources: Mapping[str, Applied]
    """What exists already."""
    import_value: Callable[[str], str]
    zones: Callable[[str], list[str]]
    _conditions: dict[str, bool] = field(default_factory=dict[str, bool])

    def holds(self, condition: str) -> bool:
        """Evaluate one of the template's conditions."""
        if condition not in self.template.conditions:
            raise ValidationError(f"Template format error: Unresolved condition dependency {condition} in the template")
        if condition not in self._conditions:
            self._conditions[condition] = bool(self.resolve(self.template.conditions[condition]))
        return self._conditions[condition]

    def wanted(self) -> list[str]:
        """Return the resources that the conditions let be, in the template's order."""
        return [name for name, resource in self.template.resources.items() if resource.condition is None or self.holds(resource.condition)]

    def resolve(self, node: Any) -> Any:
        """Return `node` with every intrinsic replaced by its value.

        Raises:
            UnknownError: It refers to a resource that does not exist yet.
            ValidationError: An intrinsic is wrong; the message is CloudFormation's.
        """
        if isinstance(node, Mapping):
            return self._object(cast("Mapping[str, Any]", node))
        if isinstance(node, Sequence) and not isinstance(node, str):
            items = (self.resolve(item) for item in cast("Sequence[Any]", node))
            return [item for item in items if item is not NO_VALUE]
        return node

    def _object(self, node: Mapping[str, Any]) -> Any:
        if len(node) == 1:
            name, argument = next(iter(node.items()))
            if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, argument)
            if name.startswith("Fn::"):
                raise NotPlayedError(f"the intrinsic function {name}")
        resolved = {key: self.resolve(value) for key, value in node.items()}
        return {key: value for key, value in resolved.items() if value is not NO_VALUE}

    def ref(self, name: str) -> Any:
        """Return a parameter's value or a resource's physical id."""
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.parameters:
            return self.parameters[name]
        return self._resource(name).physical_id

    def attribute(self, logical_id: str, name: str) -> Any:
        """Return an attribute of a resource."""
        attributes = self._resource(logical_id).attributes
        if name not in attributes:
            type_ = self.template.resources[logical_id].type
            known = ", ".join(sorted(attributes)) or "none"
            raise ValidationError(
                f"Requested attribute {name} does not exist in schema for {type_} ({logical_id}; the local AWS plays: {known})"
            )
        return attributes[name]

    def _resource(self, name: str) -> Applied:
        if name in self.resources:
            return self.resources[name]
        declared = self.template.resources.get(name)
        if declared and declared.condition and not self.holds(declared.condition):
            raise ValidationError(
                f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
            )
        raise UnknownError(name)

    def text(self, node: Any) -> str:
        """Resolve what must be text where it ends up."""
        value = self.resolve(node)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        raise ValidationError(f"Template error: every value here must resolve to a string, got {value!r}")

    def items(self, node: Any) -> list[Any]:
        """Resolve what must be a list."""
        value = self.resolve(node)
        if not isinstance(value, list):
            raise ValidationError(f"Template error: a list is needed here, got {value!r}")
        return cast("list[Any]", value)


def _get_att(scope: Scope, argument: Any) -> Any:
    logical_id, _, name = argument.partition(".") if isinstance(argument, str) else (argument[0], "", scope.text(argument[1]))
    return scope.attribute(logical_id, name)


def _sub(scope: Scope, argument: Any) -> str:
    text, given = (argument, cast("dict[str, Any]", {})) if isinstance(argument, str) else argument

    def value(match: re.Match[str]) -> str:
        literal, name = match.group(1), match.group(2).strip()
        if literal:
            return f"${{{name}}}"
        if name in given:
            return scope.text(given[name])
        logical_id, dot, attribute = name.partition(".")
        return scope.text({"Fn::GetAtt": [logical_id, attribute]} if dot else {"Ref": name})

    return _VARIABLE.sub(value, text)


def _join(scope: Scope, argument: Any) -> str:
    separator, items = argument
    return str(separator).join(scope.text(item) for item in scope.items(items))


def _select(scope: Scope, argument: Any) -> Any:
    index, items = int(scope.text(argument[0])), scope.items(argument[1])
    if not 0 <= index < len(items):
        raise ValidationError("Template error: Fn::Select cannot select nonexistent value at index " + str(index))
    return items[index]


def _split(scope: Scope, argument: Any) -> list[str]:
    return scope.text(argument[1]).split(str(argument[0]))


def _get_azs(scope: Scope, argument: Any) -> list[str]:
    return scope.zones(scope.text(argument) or str(scope.parameters["AWS::Region"]))


def _base64(scope: Scope, argument: Any) -> str:
    return base64.b64encode(scope.text(argument).encode()).decode()


def _find_in_map(scope: Scope, argument: Any) -> Any:
    if len(argument) != _PAIR + 1:
        raise NotPlayedError("Fn::FindInMap with a default value, which needs a transform")
    path = [scope.text(part) for part in argument]
    value: Any = scope.template.mappings
    for part in path:
        if part not in value:
            raise ValidationError(f"Template error: Unable to get mapping for {'::'.join(path)}")
        value = value[part]
    return value


def _cidr(scope: Scope, argument: Any) -> list[str]:
    block = ipaddress.ip_network(scope.text(argument[0]))
    count = int(scope.text(argument[1]))
    host_bits = int(scope.text(argument[2])) if len(argument) > _PAIR else 8
    subnets = block.subnets(new_prefix=block.max_prefixlen - host_bits)
    chosen = [str(subnet) for _, subnet in zip(range(count), subnets, strict=False)]
    if len(chosen) < count:
        raise ValidationError(f"Template error: Fn::Cidr cannot cut {count} blocks of {host_bits} host bits from {block}")
    return chosen


def _if(scope: Scope, argument: Any) -> Any:
    condition, then, otherwise = argument
    return scope.resolve(then if scope.holds(condition) else otherwise)


def _equals(scope: Scope, argument: Any) -> bool:
    first, second = (scope.resolve(side) for side in argument)
    # Template literals may be numbers or booleans where parameters are always text.
    return bool(first == second) if isinstance(first, list) else scope.text(first) == scope.text(second)


def _contains(scope: Scope, argument: Any) -> bool:
    return scope.text(argument[1]) in [scope.text(item) for item in scope.items(argument[0])]


_FUNCTIONS: dict[str, Callable[[Scope, Any], Any]] = {
    "Condition": lambda scope, argument: scope.holds(argument) if isinstance(argument, str) else {"Condition": scope.resolve(argument)},
    "Fn::And": lambda scope, argument: all(scope.resolve(item) for item in argument),
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::Contains": _contains,
    "Fn::Equals": _equals,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": lambda scope, argument: scope.import_value(scope.text(argument)),
    "Fn::Join": _join,
    "Fn::Not": lambda scope, argument: not scope.resolve(argument[0]),
    "Fn::Or": lambda scope, argument: any(scope.resolve(item) for item in argument),
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Ref": lambda scope, argument: scope.ref(argument),
}
