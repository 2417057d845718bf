"""One YAML document as plain values, with the line of each.

Separate because YAML can do what a settings file must not: anchors, tags, duplicate keys, several documents, names without end.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mlplatform.config.problems import Problem, path_of, shown

LARGEST_FILE = 64 * 1024
"""Bytes that a file may have: a hundred times what the longest needs."""
DEEPEST = 16
"""Levels that a file may nest."""

_AS_TEXT = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"})


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
        self.problems.append(Problem(path, message, remedy, line=line or self.line(path)))


def read(file: Path) -> Document:
    """Return the document in a file; never raises for what the file holds."""
    document = Document()
    try:
        if not file.is_file():
            document.refuse("", "is not a file", "put a YAML file there")
            return document
        if (size := file.stat().st_size) > LARGEST_FILE:
            document.refuse("", f"has {size} bytes", f"keep it below {LARGEST_FILE}: it says only what differs from the defaults")
            return document
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.refuse("", f"is not UTF-8 at byte {error.start}", "save it as UTF-8")
    except OSError as error:
        document.refuse("", f"cannot be read: {(error.strerror or 'unknown reason').lower()}", "make it readable")
    else:
        _parse(text, document)
    return document


def parse(text: str) -> Document:
    """Return the document in a text; never raises for what the text holds."""
    document = Document()
    _parse(text, document)
    return document


def _parse(text: str, document: Document) -> None:
    try:
        if _plain(text, document):
            root = _yaml().compose(text)
            _fill(root, document)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.refuse("", f"is not YAML: {_words(error)}", "correct the line", line=mark.line + 1 if mark else None)
    except (YAMLError, ValueError, OverflowError) as error:  # an escape beyond Unicode is a ValueError
        document.refuse("", f"is not YAML: {shown(str(error).splitlines()[0])}", "remove the character or the escape that it names")


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _words(error: MarkedYAMLError) -> str:
    words: str = error.problem or error.context or "it cannot be parsed"
    return words.splitlines()[0]


def _plain(text: str, document: Document) -> bool:
    """Whether the document has no more of YAML than a settings file needs, found before anything is built from it."""
    depth = 0
    documents = 0
    events: Any = _yaml().parse(text)
    for event in events:
        line: int = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            documents += 1
            depth = 0
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if refusal := _refusal(event, documents, depth):
            document.refuse("", *refusal, line=line)
            return False
    return True


def _refusal(event: Event, documents: int, depth: int) -> tuple[str, str] | None:
    if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
        return "has a % directive", "remove it: the file is YAML 1.2"
    if documents > 1:
        return "holds a second document", "remove the --- and what follows: one file is one environment"
    if isinstance(event, AliasEvent):
        return f"has an alias, *{event.anchor}", "write the value out"
    if isinstance(event, NodeEvent) and event.anchor:
        return f"has an anchor, &{event.anchor}", "remove it, and write the value out where it is used"
    if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.ctag is not None:
        return f"has a tag, {shown(str(event.ctag))}", "remove it: a value's type is seen from how it is written"
    if depth > DEEPEST:
        return f"nests deeper than {DEEPEST} levels", "remove the brackets that are too many"
    return None


def _fill(root: Node | None, document: Document) -> None:
    if root is None:
        document.refuse("", "is empty", "give account, region and stage; `mlp config new --help` shows how a file is begun")
    elif not isinstance(root, MappingNode):
        document.refuse("", "does not hold settings by name", "write `key: value` lines, beginning with account, region and stage", line=1)
    else:
        document.values = _mapping(root, (), document)


def _mapping(node: MappingNode, keys: tuple[str | int, ...], document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line: int = key_node.start_mark.line + 1
        key = _scalar(key_node, path_of(keys), document) if isinstance(key_node, ScalarNode) else None
        if not isinstance(key, str):
            document.refuse(path_of(keys), f"has the key {shown(_source(key_node))}, which is not text", "put it in quotes", line=line)
            continue
        path = path_of((*keys, key))
        if key in values:
            document.refuse(path, f"is given twice, first on line {document.lines[path]}", "keep one of them", line=line)
            continue
        document.lines[path] = line
        values[key] = _value(value_node, (*keys, key), document)
    return values


def _value(node: Node, keys: tuple[str | int, ...], document: Document) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, keys, document)
    if isinstance(node, SequenceNode):
        values: list[Any] = []
        for position, item in enumerate(node.value):
            document.lines[path_of((*keys, position))] = item.start_mark.line + 1
            values.append(_value(item, (*keys, position), document))
        return values
    return _scalar(node, path_of(keys), document)


def _scalar(node: Node, path: str, document: Document) -> Hashable:
    text: str = node.value
    if any("\ud800" <= character <= "\udfff" for character in text):
        document.refuse(path, f"{shown(text)} is half of a surrogate pair", "write the character itself", line=node.start_mark.line + 1)
        return ""
    if str(node.tag) in _AS_TEXT:
        return text
    try:
        value = _yaml().constructor.construct_object(node)
    except ValueError:  # Python refuses to read a number of more than 4,300 digits
        return text
    return text if isinstance(value, float) and not math.isfinite(value) else value


def _source(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else "a list or a mapping"
