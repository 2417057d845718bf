"""Values of objects as short lines: `menuLinks[].link=/jupyter/`.

Separate because most kinds, and most files inside ConfigMaps, need no more than this.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from mlplatform.manifests.objects import entries, fields, text

Line = tuple[str, str]
"""A field and a line of it."""

_LONGEST = 160
"""Characters of a value that is still a fact; what is longer is a text."""
_PERSONAL = re.compile(r"password|secret|access_?key|user_?id$|email$|hash$", re.IGNORECASE)
"""Names of values that are somebody's: who a person is, and how it is proven."""


def leaves(value: object, path: str = "") -> Iterator[str]:
    """Yield `path=value` for everything that a value holds; entries of a list share the path `list[]`."""
    match value:
        case Mapping() if value:
            for key, inner in cast("Mapping[str, Any]", value).items():
                yield from leaves(inner, f"{path}.{key}" if path else str(key))
        case list() if value:
            for inner in cast("Sequence[Any]", value):
                yield from leaves(inner, f"{path}[]")
        case _:
            yield assigned(path, value)


def assigned(name: str, value: object) -> str:
    """Return `name=value`, or the name alone where the value is a text, or somebody's."""
    said = _said(value)
    return f"{name}={said}" if name and not _PERSONAL.search(name) and _is_fact(said) else name or said


def entry(value: object) -> str:
    """Return a value on one line, so that what belongs together stays together: `{from: [{podSelector: {}}]}`."""
    match value:
        case Mapping():
            mapping = _plain(cast("Mapping[str, Any]", value))
            return f"{{{', '.join(_pair(key, mapping[key]) for key in sorted(mapping))}}}"
        case list():
            return f"[{', '.join(sorted(entry(inner) for inner in cast('Sequence[Any]', value)))}]"
        case _:
            return _said(value)


def selector(value: object) -> Mapping[str, Any]:
    """Return a selector of labels with `key In [value]` as the label that it is."""
    labels, others = dict(fields(value, "matchLabels")), list[Any]()
    for expression in entries(value, "matchExpressions"):
        if text(expression, "operator") == "In" and len(entries(expression, "values")) == 1:
            labels[text(expression, "key")] = entries(expression, "values")[0]
        else:
            others.append(expression)
    return {**({"matchLabels": labels} if labels else {}), **({"matchExpressions": others} if others else {})}


def _plain(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return selector(value) if value and value.keys() <= {"matchLabels", "matchExpressions"} else value


def _pair(key: str, value: object) -> str:
    if isinstance(value, Mapping | list):
        return f"{key}: {entry(cast('object', value))}"
    return assigned(key, value).replace("=", ": ", 1)


def _said(value: object) -> str:
    match value:
        case str():
            return value
        case Mapping():
            return "{}"
        case _:
            return json.dumps(value, default=str)


def _is_fact(said: str) -> bool:
    return len(said) <= _LONGEST and not re.search(r"\s", said.strip())
