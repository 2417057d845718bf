"""What is installed together, and what comes with it that nobody wrote.

Separate because releases are made from waves and the closure check reads them, and neither knows the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.manifests.objects import Object, Ref


@dataclass(frozen=True)
class Brought:
    """Something that a controller, an add-on or an upstream chart makes, so that no release of ours holds it."""

    object: Object
    """As much of it as others rely on: its name, keys, ports, labels, served versions; see `mlplatform.manifests.brought`."""
    by: str
    """What makes it, as a sentence ends: `External Secrets`, `chart istiod 1.28.1`."""
    source: Ref | None = None
    """The object that it is made from, where it is made from one; it must then be in the same or an earlier wave."""


@dataclass(frozen=True)
class Connection:
    """Pods that must reach a Service, where no object says so by itself."""

    source: Ref
    """The workload whose pods connect."""
    service: Ref
    port: int
    """The Service's port."""


@dataclass(frozen=True)
class Wave:
    """Releases that are installed side by side, after those of the waves before."""

    name: str
    objects: Sequence[Object] = ()
    brought: Sequence[Brought] = ()
    connections: Sequence[Connection] = ()
