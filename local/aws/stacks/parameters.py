"""The values of a template's parameters: given, kept from before or default, checked, and looked up where they name an SSM parameter.

Separate because CloudFormation keeps two values of each: the one that was given, which the next update may reuse, and the one that `Ref` gives.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlplatform.local.aws.stacks.errors import NotPlayedError, ValidationError

SsmLookup = Callable[[str], str]
"""The value of an SSM parameter by its name; raises ValidationError where there is none."""

_SSM_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_LISTS = re.compile(r"CommaDelimitedList|List<.+>")
_HIDDEN = "****"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a stack."""

    given: str
    """What the request or the template's default said; the name, for a parameter that SSM holds."""
    value: str | list[str]
    """What `Ref` gives."""
    hidden: bool
    looked_up: bool

    def described(self, name: str) -> dict[str, str]:
        """Return it as DescribeStacks shows it."""
        shown = {"ParameterKey": name, "ParameterValue": _HIDDEN if self.hidden else self.given}
        if self.looked_up:
            shown["ResolvedValue"] = self.value if isinstance(self.value, str) else ",".join(self.value)
        return shown


def settle(
    declared: Mapping[str, Mapping[str, Any]],
    requested: Sequence[Mapping[str, Any]],
    previous: Mapping[str, Parameter],
    look_up: SsmLookup,
) -> dict[str, Parameter]:
    """Return the value of every declared parameter.

    Args:
        declared: the template's Parameters section.
        requested: the request's list of `{ParameterKey, ParameterValue | UsePreviousValue}`.
        previous: the stack's parameters as they are now.
        look_up: finds the values of SSM parameters.

    Raises:
        ValidationError: A value is missing, not declared, or not allowed.
    """
    given = {item["ParameterKey"]: _given(item, previous) for item in requested}
    undeclared = sorted(given.keys() - declared.keys())
    if undeclared:
        raise ValidationError(f"Parameters: [{', '.join(undeclared)}] do not exist in the template")
    texts = {name: given.get(name, body.get("Default")) for name, body in declared.items()}
    missing = [name for name, text in texts.items() if text is None]
    if missing:
        raise ValidationError(f"Parameters: [{', '.join(missing)}] must have values")
    return {name: _parameter(name, body, str(texts[name]), look_up) for name, body in declared.items()}


def _given(item: Mapping[str, Any], previous: Mapping[str, Parameter]) -> str:
    name = item["ParameterKey"]
    if not item.get("UsePreviousValue"):
        return str(item.get("ParameterValue", ""))
    if name not in previous:
        raise ValidationError(
            f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template"
        )
    return previous[name].given


def _parameter(name: str, body: Mapping[str, Any], text: str, look_up: SsmLookup) -> Parameter:
    type_ = str(body.get("Type", "String"))
    _check(name, body, type_, text)
    in_ssm = _SSM_VALUE.fullmatch(type_)
    value = look_up(text) if in_ssm else text
    is_list = _LISTS.fullmatch(in_ssm.group(1) if in_ssm else type_)
    return Parameter(
        given=text,
        value=[item.strip() for item in value.split(",")] if is_list else value,
        hidden=str(body.get("NoEcho", "false")).lower() == "true",
        looked_up=bool(in_ssm),
    )


def _check(name: str, body: Mapping[str, Any], type_: str, text: str) -> None:
    if type_ not in {"String", "Number", "CommaDelimitedList"} and not type_.startswith(("AWS::", "List<")):
        raise NotPlayedError(f"parameters of type {type_} ({name})")
    reason = body.get("ConstraintDescription")
    if "AllowedValues" in body and text not in [str(value) for value in body["AllowedValues"]]:
        allowed = ", ".join(str(value) for value in body["AllowedValues"])
        raise ValidationError(
            (reason and f"Parameter {name} failed to satisfy constraint: {reason}")
            or f"Parameter '{name}' must be one of AllowedValues [{allowed}]"
        )
    if "AllowedPattern" in body and not re.fullmatch(body["AllowedPattern"], text):
        raise ValidationError(f"Parameter {name} failed to satisfy constraint: {reason or 'must match pattern ' + body['AllowedPattern']}")
    if type_ == "Number" and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValidationError(f"Parameter '{name}' must be a number.")
    length = len(text)
    if length < int(body.get("MinLength", 0)) or length > int(body.get("MaxLength", length)):
        raise ValidationError(
            f"Parameter '{name}' must have between {body.get('MinLength', 0)} and {body.get('MaxLength', 'any number of')} characters, has {length}"
        )
    if type_ == "Number" and not float(body.get("MinValue", text)) <= float(text) <= float(body.get("MaxValue", text)):
        raise ValidationError(f"Parameter '{name}' must be between {body.get('MinValue', '-∞')} and {body.get('MaxValue', '∞')}, is {text}")
