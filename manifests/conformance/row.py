"""What became of one object: a line of the conformance table.

Separate because the command prints rows and counts them, and knows nothing of how they came about.
"""

from dataclasses import dataclass
from typing import Literal

from mlplatform.manifests.conformance.reason import Difference

Status = Literal["same", "changed", "left out", "added", "unaccounted"]


@dataclass(frozen=True)
class Row:
    """One object of upstream's, or one of ours that upstream does not have."""

    component: str
    """As upstream calls it; the name of our release where no component's reasons know the object."""
    object: str
    status: Status
    why: tuple[str, ...] = ()
    """Sentences, each with the fields it is for."""
    unexplained: tuple[Difference, ...] = ()
    """Differences without a reason; those of an object that is there."""
    upstream: bool = True
    """Whether upstream has it."""
