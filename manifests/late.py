"""Values that only a deployment knows, as marks in objects and chart values.

Separate because everything else that an object says is known before anything exists, and these few enter by one door: Helm values.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.manifests.objects import walk

VALUES = "late"
"""The key that a chart of ours finds them under in its values."""
_MARK = re.compile(r"\(late:([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\)")


def late(name: str) -> str:
    """Return the mark that stands for a value until the deployment: `(late:database_host)`.

    Args:
        name: What it is, in lower case with underscores; the stack that installs the release must know it.
    """
    mark = f"(late:{name})"
    if not _MARK.fullmatch(mark):
        raise ValueError(f"late value {name!r}: is not lower case with underscores; rename it")
    return mark


def late_names(value: object) -> list[str]:
    """Return the names of the late values that objects or values hold, in order."""
    return sorted({name for text in _texts(value) for name in _MARK.findall(text)})


def filled(value: Any, known: Mapping[str, str]) -> Any:
    """Return values with their marks replaced by what is known.

    Raises:
        KeyError: A value is not known.
    """
    if isinstance(value, Mapping):
        return {key: filled(inner, known) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType] - values are JSON
    if isinstance(value, list | tuple):
        return [filled(inner, known) for inner in value]  # pyright: ignore[reportUnknownVariableType] - values are JSON
    return _MARK.sub(lambda mark: known[mark[1]], value) if isinstance(value, str) else value


def _texts(value: object) -> Iterator[str]:
    return (text for _, text in walk(value) if isinstance(text, str))
