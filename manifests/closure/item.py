"""One object of a cluster, with the wave that it comes in.

Separate because pods are found in it before the inventory that holds it is complete.
"""

from dataclasses import dataclass

from mlplatform.manifests.objects import Object, Ref
from mlplatform.manifests.wave import Brought

BEFORE = -1
"""The position of what is there before the first wave."""


@dataclass(frozen=True)
class Item:
    """One object, ours or not."""

    ref: Ref
    wave: int
    """Position of the wave that it comes in, `BEFORE` for what Kubernetes itself holds."""
    object: Object
    brought: Brought | None = None
    """How it comes, when no release of ours holds it."""

    @property
    def kind(self) -> str:
        """The kind, in kubectl's notation."""
        return self.ref.kind

    @property
    def namespace(self) -> str:
        """The namespace, empty where the kind has none."""
        return self.ref.namespace
