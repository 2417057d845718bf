"""What is wrong with a file, said to the person who wrote it.

Separate so that reading, validating and checking report in the same words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST_VALUE = 80


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what was found there, what is allowed and what to do."""

    path: str
    """The setting, as `network.availability_zones[1]`; empty for the file as a whole."""
    message: str
    """What is wrong, with the value."""
    remedy: str
    """What to do about it."""
    allowed: str = ""
    """What the value may be, listed when the list is short."""
    file: str = ""
    line: int | None = None
    """Line of the file, from 1."""

    def __str__(self) -> str:
        """Return one line: `file:line: path: message (allowed: ...); remedy`."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        prefix = "".join(f"{part}: " for part in (where, self.path) if part)
        allowed = f" (allowed: {self.allowed})" if self.allowed else ""
        return f"{prefix}{self.message}{allowed}; {self.remedy}"


class ConfigError(Exception):
    """Every problem of every file that was read."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def path_of(keys: Iterable[str | int]) -> str:
    """Return keys and positions as people write them: `("a", "b", 1)` is `a.b[1]`."""
    path = ""
    for key in keys:
        if isinstance(key, int):
            path += f"[{key}]"
        elif re.fullmatch(r"[\w-]+", key):
            path += f".{key}" if path else key
        else:
            path += f"[{shown(key)}]"
    return path


def shown(value: object) -> str:
    """Return a value for a message as a file would have it, cut when it is long."""
    match value:
        case None:
            text = "nothing"
        case bool():
            text = str(value).lower()
        case str() if value.isprintable() and "'" not in value:
            text = f"'{value}'"
        case _:
            text = ascii(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."


def listed(values: Iterable[object], *, most: int = 24) -> str:
    """Return values for a message, the first of them when they are many."""
    texts: Sequence[str] = [str(value) for value in values]
    if len(texts) <= most:
        return ", ".join(texts)
    return f"{', '.join(texts[:most])} and {len(texts) - most} more"
