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
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent, NodeEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

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
        text = content.decode("utf-8-sig")
        if _is_plain(text, document):
            _fill(_yaml().compose(text), document)
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


def _yaml() -> Any:
    return YAML(typ="safe", pure=True)


def _is_plain(text: str, document: Document) -> bool:
    """Whether the document uses no more of YAML than settings need, found before anything is built from it."""
    depth = documents = 0
    for event in _yaml().parse(text):
        documents += isinstance(event, DocumentStartEvent)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        for message, remedy in _refusals(event, documents, depth):
            document.refuse("", message, remedy, line=event.start_mark.line + 1)
            return False
    return True


def _refusals(event: object, documents: int, depth: int) -> Iterator[tuple[str, str]]:
    said = cast("Any", event)
    if isinstance(event, DocumentStartEvent) and (said.version or said.tags):
        yield "has a % directive", "remove it: the file is YAML 1.2"
    if documents > 1:
        yield "holds a second document", "remove the --- and what follows: one file is one environment"
    if isinstance(event, AliasEvent):
        yield f"has an alias, *{said.anchor}", "write the value out"
    elif isinstance(event, NodeEvent) and said.anchor:
        yield f"has an anchor, &{said.anchor}", "remove it, and write the value out where it is used"
    if isinstance(event, (ScalarEvent, CollectionStartEvent)) and said.ctag is not None:
        yield f"has a tag, {shown(str(said.ctag))}", "remove it: a value's type is seen from how it is written"
    if depth > DEEPEST:
        yield f"nests deeper than {DEEPEST} levels", "remove the brackets that are too many"


def _fill(root: Any, document: Document) -> None:
    if root is None:
        document.refuse("", "is empty", "give account, region and stage; `mlp config new --help` shows how a file is begun")
    elif not isinstance(root, MappingNode):
        document.refuse("", "does not hold settings by name", "write `key: value` lines, beginning with account, region and stage")
    else:
        document.values = _Reader(document).mapping(root, ())


class _Reader:
    """Turns nodes into plain values, noting lines and problems in a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._constructor: Any = _yaml().constructor

    def mapping(self, node: Any, keys: Keys) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node, keys) if isinstance(key_node, ScalarNode) else key_node
            if not isinstance(key, str):
                source = shown(str(cast("Any", key_node).value)) if isinstance(key_node, ScalarNode) else "a list or mapping"
                self._document.refuse(path_of(keys), f"has the key {source}, which is not text", "put it in quotes", line=line)
                continue
            path = path_of((*keys, key))
            if key in values:
                first = self._document.lines[path]
                self._document.refuse(path, f"is given twice, first on line {first}", "keep one of them", line=line)
                continue
            self._document.lines[path] = line
            values[key] = self._value(value_node, (*keys, key))
        return values

    def _value(self, node: Any, keys: Keys) -> Any:
        if isinstance(node, MappingNode):
            return self.mapping(node, keys)
        if isinstance(node, SequenceNode):
            items = list(enumerate(cast("list[Any]", node.value)))
            self._document.lines |= {path_of((*keys, position)): item.start_mark.line + 1 for position, item in items}
            return [self._value(item, (*keys, position)) for position, item in items]
        return self._scalar(node, keys)

    def _scalar(self, node: Any, keys: Keys) -> str | int | float | bool | None:
        text = str(node.value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            line = node.start_mark.line + 1
            self._document.refuse(path_of(keys), f"{shown(text)} is half of a surrogate pair", "write the character itself", line=line)
            return ""
        if str(node.tag) in _KEPT_AS_TEXT:
            return text
        try:
            value = self._constructor.construct_object(node)
        except ValueError:  # Python refuses to read a number of more than 4,300 digits
            return text
        return text if isinstance(value, float) and not math.isfinite(value) else value
