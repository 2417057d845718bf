"""Which other parts of a template a part of it names, and the order that follows.

Separate because order, validation and change sets all ask it, and none of them resolves anything to know.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from mlplatform.local.aws.stacks.errors import ValidationError

if TYPE_CHECKING:
    from mlplatform.local.aws.stacks.template import Declaration

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


def references_in(node: Any) -> set[str]:
    """Return the resources and parameters that `node` refers to, pseudo parameters left out."""
    return {name for name in _references(node) if not name.startswith("AWS::")}


def conditions_in(node: Any) -> set[str]:
    """Return the conditions that an `Fn::If` in `node` asks."""
    return set(_conditions(node))


def variables_in(text: str) -> set[str]:
    """Return what the text of an `Fn::Sub` has between `${` and `}`."""
    return {name.strip() for name in _VARIABLE.findall(text)}


def in_order(resources: Mapping[str, "Declaration"], shuffle: random.Random | None = None) -> list[str]:
    """Return the resources so that each comes after all that it refers to or depends on.

    What nothing orders is shuffled: AWS makes such resources at the same time, in an order that nobody may rely on.

    Raises:
        ValidationError: Some of them wait for each other.
    """
    names = list(resources)
    if shuffle:
        shuffle.shuffle(names)
    waits_for = {name: (references_in(resources[name].properties) | set(resources[name].depends_on)) & resources.keys() for name in names}
    ordered: dict[str, None] = {}
    while len(ordered) < len(names):
        ready = [name for name in names if name not in ordered and waits_for[name] <= ordered.keys()]
        if not ready:
            circle = ", ".join(sorted(name for name in names if name not in ordered))
            raise ValidationError(f"Circular dependency between resources: [{circle}]")
        # One at a time: a resource that became ready meanwhile competes with those that were ready before.
        chosen = shuffle.choice(ready) if shuffle else ready[0]
        ordered[chosen] = None
    return list(ordered)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in cast("Mapping[str, Any]", node).items():
            yield from _named_by(key, value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for item in cast("Sequence[Any]", node):
            yield from _references(item)


def _named_by(function: str, value: Any) -> Iterator[str]:
    if function == "Ref" and isinstance(value, str):
        yield value
    elif function == "Fn::GetAtt":
        yield (value.split(".") if isinstance(value, str) else value)[0]
    elif function == "Fn::Sub":
        text, given = (value, cast("dict[str, Any]", {})) if isinstance(value, str) else value
        yield from (name.split(".")[0] for name in variables_in(text) - set(given))
        yield from _references(given)
    else:
        yield from _references(value)


def _conditions(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in cast("Mapping[str, Any]", node).items():
            if key == "Fn::If" and isinstance(value, list) and value:
                yield str(cast("list[Any]", value)[0])
            yield from _conditions(value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for item in cast("Sequence[Any]", node):
            yield from _conditions(item)
