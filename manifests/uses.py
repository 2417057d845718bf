"""Where the images and charts of the catalogue are used: in which release, object and field.

Separate because what is used is read from the releases themselves, and the catalogue only says what it should be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.config.catalogue import Catalogue
from mlplatform.config.problems import path_of
from mlplatform.manifests.objects import Path, kind_of, text, walk
from mlplatform.manifests.release import Release

FIELDS = ("image", "reference")
"""Fields of pods that hold an image: a container's, a volume's."""


@dataclass(frozen=True)
class Use:
    """One place."""

    name: str
    """The image or chart."""
    release: str
    where: str
    """The object and the path in it, or the path in the chart's values; empty for a chart."""
    hidden: bool = False
    """Whether it is elsewhere than in a field that holds images."""


def uses(catalogue: Catalogue, releases: Sequence[Release]) -> list[Use]:
    """Return every place where the releases use an image or a chart, in the releases' order.

    Args:
        catalogue: As the releases' environment pulls it.
        releases: What it installs.
    """
    found: list[Use] = []
    for release in releases:
        if release.chart:
            found.append(Use(release.chart.name, release.name, ""))
        for where, path, value in _texts(release):
            # Charts take a repository and a tag apart; objects have both in one.
            names = [image.name for image in catalogue.images.values() if _holds(value, image.repository)]
            hidden = where == "values" or path[-1] not in FIELDS
            found += [Use(name, release.name, f"{where}: {path_of(path)}", hidden) for name in names]
    return found


def _texts(release: Release) -> list[tuple[str, Path, str]]:
    texts = [("values", path, value) for path, value in walk(release.values) if isinstance(value, str)]
    for obj in release.objects:
        name = " ".join(filter(None, (kind_of(obj).partition(".")[0], text(obj, "metadata", "name"))))
        texts += [(name, path, value) for path, value in walk(obj) if isinstance(value, str)]
    return texts


def _holds(value: str, repository: str) -> bool:
    """Whether a text has a repository's name, and not one that only begins or ends like it."""
    start = value.find(repository)
    while start >= 0:
        end = start + len(repository)
        if not (value[end : end + 1].isalnum() or value[end : end + 1] in ("/", "-", "_", ".")) and not _continues(value, start):
            return True
        start = value.find(repository, start + 1)
    return False


def _continues(value: str, start: int) -> bool:
    return start > 0 and (value[start - 1].isalnum() or value[start - 1] in "/.-_")
