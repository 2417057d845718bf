"""One YAML document as plain values, with the line of each.

Separate because YAML can do what a settings file must not: anchors, tags, duplicate keys, several documents, nesting without end.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

from mlplatform.config.problems import Problem, path_of, shown

LARGEST_FILE = 64 * 1024
"""Bytes that a file may have: ten times what the longest needs."""
DEEPEST = 16
"""Levels that a file may nest."""

Keys = tuple[str | int, ...]

_KEPT_AS_TEXT = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"})


@dataclass
class Document:
    """What a file says, and what is wrong with how it says it."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    """The line of each setting, by its path."""
    problems: list[Problem] = field(default_factory=list[Problem])

    def line(self, path: str) -> int | None:
        """Return the line of a setting, or of the nearest thing around it that the file does say."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path)

    def refuse(self, path: str, message: str, remedy: str, *, line: int | None = None) -> None:
        """Record a problem."""
        self.problems.append(Problem(path, message, remedy, line=line))


def read(file: Path) -> Document:
    """Return the document in a file; never raises for what the file is or holds."""
    document = Document()
    try:
        if not file.is_file():
            document.refuse("", "is not a file", "put a YAML file there")
            return document
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        document.refuse("", f"cannot be read: {(error.strerror or 'unknown reason').lower()}", "make it readable")
        return document
    return parse(content)


def parse(content: bytes) -> Document:
    """Return the document in a file's content; never raises for what it holds."""
    document = Document()
    if len(content) > LARGEST_FILE:
        document.refuse("", f"has more than {LARGEST_FILE} bytes", "say only what differs from the defaults")
        return document
    try:
        reader = _Reader(content.decode("utf-8-sig"), document)
        document.values = reader.settings()
    except _RefusedError as refused:
        document.problems.append(refused.problem)
    except UnicodeDecodeError as error:
        document.refuse("", f"is not UTF-8 at byte {error.start}", "save it as UTF-8")
    except MarkedYAMLError as error:
        said = cast("Any", error)
        mark = said.problem_mark or said.context_mark
        words = str(said.problem or said.context or "it cannot be parsed").splitlines()[0]
        document.refuse("", f"is not YAML: {words}", "correct the line", line=mark.line + 1 if mark else None)
    except (YAMLError, ValueError, OverflowError) as error:  # an escape beyond Unicode is a ValueError
        document.refuse("", f"is not YAML: {shown(str(error).splitlines()[0])}", "remove the character or the escape that it names")
    return document


class _RefusedError(Exception):
    """The document uses more of YAML than settings need."""

    def __init__(self, message: str, remedy: str, line: int | None = None) -> None:
        super().__init__(message)
        self.problem = Problem("", message, remedy, line=line)


class _Reader:
    """Turns a text into plain values in one pass over its events, noting lines and problems in a document."""

    def __init__(self, text: str, document: Document) -> None:
        yaml: Any = YAML(typ="safe", pure=True)
        self._events: Iterator[Any] = yaml.parse(text)
        self._resolver, self._constructor = yaml.resolver, yaml.constructor
        self._document = document
        self._depth = 0

    def settings(self) -> dict[str, Any]:
        """Return the values of the one mapping that the text holds."""
        values: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                _refuse_directives(event)
                if documents > 1:
                    raise _RefusedError(
                        "holds a second document", "remove the --- and what follows: one file is one environment", _line(event)
                    )
            elif isinstance(event, NodeEvent):
                values = self._value(event, ())
        if values is None:
            raise _RefusedError("is empty", "give account, region and stage; `mlp config new --help` shows how a file is begun")
        if not isinstance(values, dict):
            raise _RefusedError("does not hold settings by name", "write `key: value` lines, beginning with account, region and stage")
        return cast("dict[str, Any]", values)

    def _value(self, event: object, keys: Keys) -> Any:
        _refuse_decoration(event)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._depth += 1
            if self._depth > DEEPEST:
                raise _RefusedError(f"nests deeper than {DEEPEST} levels", "remove the brackets that are too many", _line(event))
            inner = self._mapping(keys) if isinstance(event, MappingStartEvent) else self._sequence(keys)
            self._depth -= 1
            return inner
        return self._scalar(event, keys)

    def _mapping(self, keys: Keys) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            line = _line(event)
            key = self._value(event, keys)
            if isinstance(key, str) and key not in values:
                path = path_of((*keys, key))
                self._document.lines[path] = line
                values[key] = self._value(next(self._events), (*keys, key))
                continue
            if isinstance(key, str):
                path = path_of((*keys, key))
                first = self._document.lines[path]
                self._document.refuse(path, f"is given twice, first on line {first}", "keep one of them", line=line)
            else:
                source = shown(str(cast("Any", event).value)) if isinstance(event, ScalarEvent) else "a list or mapping"
                self._document.refuse(path_of(keys), f"has the key {source}, which is not text", "put it in quotes", line=line)
            self._value(next(self._events), keys)
        return values

    def _sequence(self, keys: Keys) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            item = (*keys, len(values))
            self._document.lines[path_of(item)] = _line(event)
            values.append(self._value(event, item))
        return values

    def _scalar(self, event: object, keys: Keys) -> str | int | float | bool | None:
        said = cast("Any", event)
        text = str(said.value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._document.refuse(
                path_of(keys), f"{shown(text)} is half of a surrogate pair", "write the character itself", line=_line(event)
            )
            return ""
        tag = self._resolver.resolve(ScalarNode, text, said.implicit)
        if str(tag) in _KEPT_AS_TEXT:
            return text
        try:
            value = self._constructor.construct_object(ScalarNode(tag, text))
        except ValueError:  # Python refuses to read a number of more than 4,300 digits
            return text
        return text if isinstance(value, float) and not math.isfinite(value) else value


def _refuse_directives(event: object) -> None:
    said = cast("Any", event)
    if said.version or said.tags:
        raise _RefusedError("has a % directive", "remove it: the file is YAML 1.2", _line(event))


def _refuse_decoration(event: object) -> None:
    said = cast("Any", event)
    if isinstance(event, AliasEvent):
        raise _RefusedError(f"has an alias, *{said.anchor}", "write the value out", _line(event))
    if said.anchor:
        raise _RefusedError(f"has an anchor, &{said.anchor}", "remove it, and write the value out where it is used", _line(event))
    if said.ctag is not None:
        raise _RefusedError(f"has a tag, {shown(str(said.ctag))}", "remove it: a value's type is seen from how it is written", _line(event))


def _line(event: object) -> int:
    return int(cast("Any", event).start_mark.line) + 1
