"""Plain values turned into settings, every mistake said in the words of the file.

Separate so that pydantic's vocabulary (literal_error, extra_forbidden) ends here.
"""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mlplatform.config.problems import Problem, listed, path_of, shown
from mlplatform.config.sections import Section
from mlplatform.config.settings import Settings

_KINDS = {
    "string_type": ("text", "put it in quotes"),
    "int_type": ("a whole number", "write digits without quotes"),
    "int_from_float": ("a whole number", "write it without a fraction"),
    "bool_type": ("true or false", "write true or false without quotes"),
    "tuple_type": ("a list", "write [a, b], or a line `- a` for each"),
    "dict_type": ("settings by name", "write `key: value` lines beneath it, or leave it out"),
    "model_type": ("settings by name", "write `key: value` lines beneath it, or leave it out"),
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least {}"),
    "less_than_equal": ("le", "at most {}"),
    "too_short": ("min_length", "at least {} values"),
    "too_long": ("max_length", "at most {} values"),
    "string_too_short": ("min_length", "at least {} characters"),
    "string_too_long": ("max_length", "at most {} characters"),
}


def validate(values: Mapping[str, Any]) -> tuple[Settings | None, list[Problem]]:
    """Return the settings that values with their defaults make, or every reason that they do not."""
    try:
        # Through JSON: in strict mode a list is no tuple, a JSON array is.
        return Settings.model_validate_json(json.dumps(values)), []
    except ValidationError as error:
        return None, [_problem(details) for details in error.errors(include_url=False)]


def _problem(details: ErrorDetails) -> Problem:
    keys = [key for key in details["loc"] if key != "[key]"]
    path, value, kind = path_of(keys), details["input"], details["type"]
    context = details.get("ctx", {})
    if kind == "missing":
        return Problem(path, "is missing", f"add {path}", allowed=_described(keys))
    if kind == "extra_forbidden":
        return _unknown(keys, path)
    if kind in _KINDS:
        expected, remedy = _KINDS[kind]
        if value is None:
            remedy = "give it a value, or remove the key"
        return Problem(path, f"{shown(value)} is not {expected}", remedy, allowed=_described(keys))
    if kind in _BOUNDS:
        bound, sentence = _BOUNDS[kind]
        limit = context.get(bound, context.get("actual_length"))
        return Problem(path, f"{shown(value)} is out of range", "choose a value in range", allowed=sentence.format(limit))
    if kind == "literal_error":
        expected = str(context["expected"]).replace(" or ", ", ")
        return Problem(path, f"{shown(value)} is not known here", "use one of those that are allowed", allowed=expected)
    if kind == "string_pattern_mismatch":
        return Problem(
            path, f"{shown(value)} does not have the form that is needed", "correct it", allowed=_described(keys) or str(context["pattern"])
        )
    message = str(context["error"]) if kind == "value_error" else details["msg"]
    return Problem(path, message[0].lower() + message[1:], "correct it")


def _unknown(keys: list[int | str], path: str) -> Problem:
    section = _section(keys[:-1])
    known = sorted(set(section.model_fields) - {"name"}) if section else []
    close = get_close_matches(str(keys[-1]), known, n=1)
    remedy = f"write {close[0]}" if close else "remove it"
    return Problem(path, "is not a setting", remedy, allowed=listed(known))


def _section(keys: list[int | str]) -> type[Section] | None:
    """Return the section that keys lead to."""
    section: type[Section] = Settings
    for key in keys:
        field = section.model_fields.get(str(key))
        found = _section_type(field.annotation) if field else None
        if found is None:
            return None
        section = found
    return section


def _section_type(annotation: Any) -> type[Section] | None:
    candidates = (annotation, *getattr(annotation, "__args__", ()))
    return next((candidate for candidate in candidates if isinstance(candidate, type) and issubclass(candidate, Section)), None)


def _described(keys: list[int | str]) -> str:
    """Return the first sentence of a setting's description."""
    names = [key for key in keys if isinstance(key, str)]
    for depth in range(len(names), 0, -1):
        section = _section(list(names[: depth - 1]))
        if section and (field := section.model_fields.get(names[depth - 1])):
            return (field.description or "").rstrip(".")
    return ""
