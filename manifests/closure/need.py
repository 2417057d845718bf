"""What an object needs from the rest of the cluster, and since when it is there.

Separate so that every kind of reference answers in the same terms and a finding is worded in one place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from mlplatform.manifests.closure.inventory import Inventory, earliest
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.objects import Path, Ref


@dataclass(frozen=True)
class Need:
    """One thing that must be there when an object is."""

    path: Path
    """Where the object asks for it."""
    what: str
    """What it is, as a sentence's subject: `key 'password' of Secret kubeflow/mysql-secret`."""
    since: int | None
    """Position of the first wave that has it; None where none has."""
    instead: str = ""
    """What is there in its place, where that helps: the keys that there are, a name that differs in a letter."""
    missing: str = "found nowhere"
    """How its absence is said."""
    remedy: str = ""
    """What to do when it is nowhere, where that is not to add or to declare it."""


def to_have(path: Path, inventory: Inventory, kind: str, name: str, namespace: str = "") -> Need:
    """Return the need of an object by its name."""
    ref = Ref(kind, name, namespace)
    return Need(path, str(ref), earliest(inventory.named(kind, name, namespace)), instead=lookalikes(inventory, ref))


def lookalikes(inventory: Inventory, ref: Ref) -> str:
    """Return the objects that a person may have meant, as a sentence's part."""
    others = [item.ref for item in inventory.of(ref.kind)]
    elsewhere = [other for other in others if other.name == ref.name]
    close = get_close_matches(ref.name, sorted({other.name for other in others if other.namespace == ref.namespace}), n=2)
    meant = elsewhere + [Ref(ref.kind, name, ref.namespace) for name in close if name != ref.name]
    return f"there is {listed(str(other) for other in meant[:3])}" if meant else ""


def listed(texts: Iterable[str]) -> str:
    """Return texts for a sentence, or the word none."""
    return ", ".join(sorted(set(texts))) or "none"


def origin(item: Item) -> str:
    """Return who makes an item that is not ours, in brackets; empty for ours."""
    if item.brought is None:
        return ""
    source = f" from {item.brought.source}" if item.brought.source else ""
    return f" (made by {item.brought.by}{source})"
