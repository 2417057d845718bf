"""Plain values turned into settings, every mistake said in the words of the file.

Separate so that pydantic's vocabulary (literal_error, extra_forbidden) ends here.
"""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from mlplatform.config.problems import Problem, listed, path_of, shown
from mlplatform.config.sections import Section
from mlplatform.config.settings import Settings

Keys = tuple[str | int, ...]

_EXPECTED = {
    "string_type": ("text", "put it in quotes"),
    "int_type": ("a whole number", "write digits, without quotes"),
    "int_from_float": ("a whole number", "write it without a fraction"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "tuple_type": ("a list", "write [a, b], or a line `- a` for each"),
    "dict_type": ("settings by name", "write `key: value` lines beneath it, or remove it"),
    "model_type": ("settings by name", "write `key: value` lines beneath it, or remove it"),
}
_BOUNDS = {
    "greater_than_equal": ("ge", "{} or more", "write a larger number"),
    "less_than_equal": ("le", "{} or less", "write a smaller number"),
    "too_short": ("min_length", "at least {}", "name more"),
    "too_long": ("max_length", "at most {}", "name fewer"),
    "string_too_short": ("min_length", "{} characters or more", "write a longer text"),
    "string_too_long": ("max_length", "{} characters or fewer", "write a shorter text"),
}


def validate(values: Mapping[str, Any]) -> tuple[Settings | None, Mapping[Keys, Problem]]:
    """Return the settings that values with their defaults make, or every reason that they make none, by where it is."""
    try:
        # Through JSON: in strict mode a list is no tuple, a JSON array is.
        return Settings.model_validate_json(json.dumps(values)), {}
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, {_keys(details): _problem(details) for details in found}


def example(keys: Keys) -> object:
    """Return the example of what keys lead to, None where it has none."""
    field = _field(keys)
    return next(iter((field and field.examples) or ()), None)


def _keys(details: ErrorDetails) -> Keys:
    return tuple(key for key in details["loc"] if key != "[key]")


def _problem(details: ErrorDetails) -> Problem:
    keys, kind, context = _keys(details), details["type"], details.get("ctx", {})
    path, value, field = path_of(keys), shown(details["input"]), _field(keys)
    about = _about(field)
    if kind == "missing":
        problem = Problem(path, "is missing", f"add the line `{keys[-1]}: ...`", about)
    elif kind == "extra_forbidden":
        problem = _unknown(keys)
    elif kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        remedy = remedy if details["input"] is not None else "write a value, or remove the key"
        problem = Problem(path, f"{value} is not {expected}", remedy, about)
    elif kind in _BOUNDS:
        bound, allowed, remedy = _BOUNDS[kind]
        problem = Problem(path, f"{value} is out of range", remedy, allowed.format(context[bound]))
    elif kind == "literal_error":
        allowed = str(context["expected"]).replace(" or ", ", ").replace("'", "")
        problem = Problem(path, f"{value} is not one of the choices", "use one of them", allowed)
    elif kind == "string_pattern_mismatch":
        problem = Problem(path, f"{value} does not have the form that is needed", _like(keys, key="[key]" in details["loc"]), about)
    else:
        message = str(context.get("message", details["msg"]))
        problem = Problem(path, f"{value} {message}", str(context.get("remedy", "correct it")), about)
    return problem


def _unknown(keys: Keys) -> Problem:
    section = _section(keys[:-1])
    known = sorted(set(section.model_fields) - {"name"}) if section else []
    close = get_close_matches(str(keys[-1]), known, n=1)
    return Problem(path_of(keys), "is not a setting", f"write {close[0]}" if close else "remove it", listed(known))


def _like(keys: Keys, *, key: bool) -> str:
    right = example(keys)
    text: Any = next(iter(cast("dict[str, Any]", right).items()))[0 if key else 1] if isinstance(right, dict) else right
    text = cast("list[Any]", text)[0] if isinstance(text, list) else text
    return f"write it like {text}" if text else "write it as described"


def _about(field: FieldInfo | None) -> str:
    """Return a setting's description as the middle of a sentence."""
    text = ((field and field.description) or "").rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _field(keys: Keys) -> FieldInfo | None:
    """Return the nearest setting around what keys lead to."""
    names = [str(key) for key in keys]
    for depth in range(len(names), 0, -1):
        section = _section(names[: depth - 1])
        if section and names[depth - 1] in section.model_fields:
            return section.model_fields[names[depth - 1]]
    return None


def _section(keys: Sequence[str | int]) -> type[Section] | None:
    """Return the section that keys lead to, None where they lead elsewhere."""
    kind: Any = Settings
    for key in keys:
        kind = _beneath(kind, key)
    return kind if _is_section(kind) else None


def _beneath(kind: Any, key: str | int) -> Any:
    """Return the type of what a key leads to: a section's field, or what a mapping or list holds; None where there is nothing."""
    if _is_section(kind):
        field = kind.model_fields.get(str(key))
        kinds = (field.annotation, *get_args(field.annotation)) if field and get_origin(field.annotation) in {Union, UnionType} else ()
        return next(filter(_is_section, kinds), field and field.annotation)
    return {dict: get_args(kind)[-1:], tuple: get_args(kind)[:1]}.get(get_origin(kind), (None,))[0]


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)
