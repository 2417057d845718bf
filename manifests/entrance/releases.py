"""The releases of the way in, each with the wave that it is installed in.

Separate from the components because their order is one list that a reader sees at a glance.
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests.release import Release


def entrance_releases(settings: Settings) -> Iterator[Release]:
    """Yield the releases of the way in, none where the environment has none of it."""
    yield from _none(settings)


def _none(_: Settings) -> Iterator[Release]:
    yield from ()
