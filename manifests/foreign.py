"""What an environment's objects and chart values must not name: other partitions, and registries and hosts that it does not reach.

Separate because no field is safe from it: an image hides in an argument, a variable, a ConfigMap or a chart's values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlplatform.config.problems import Problem, path_of, shown
from mlplatform.config.settings import Settings
from mlplatform.manifests.mentions import NAMES_OF_KUBERNETES, Mention, arns, full_reference, images_without_registry, mentions
from mlplatform.manifests.objects import Object, Path, kind_of, text, walk
from mlplatform.manifests.release import Release

_AWS = ("amazonaws.com", "amazonaws.com.cn", "amazonwebservices.com.cn", "amazonaws.cn", "api.aws", "on.aws", "aws.amazon.com")
_NAMES_OF_SERVICES = ("audience", "principal", "service")
"""What the keys say whose values are services' names: they are the same text in every partition, and are no hosts."""
_INSIDE = ("svc", "local", "internal", "localhost")
_PREFIXES = ("MutatingAdmissionPolicy.admissionregistration.k8s.io", ("spec", "variables"))
"""Where the registries stand whose images a policy renames."""
_FIELDS_OF_IMAGES = ("image", "reference")


@dataclass(frozen=True)
class _Text:
    """A text and where it stands."""

    release: str
    of: str
    """The object, or `values`."""
    path: Path
    text: str
    image: bool
    """Whether its field says that it is an image."""
    renaming: bool
    """Whether it is the table of a policy that renames images."""


def foreign(settings: Settings, releases: Sequence[Release]) -> list[Problem]:
    """Return everything that the releases of an environment name and must not.

    Args:
        settings: The environment; where images are mirrored, no registry or public host but the listed ones is allowed.
        releases: What it installs.
    """
    namespaces = {text(obj, "metadata", "name") for release in releases for obj in release.objects if kind_of(obj) == "Namespace"}
    inside = (*_INSIDE, *namespaces, *(release.namespace for release in releases))
    found = [problem for where in _texts(releases) for problem in _problems(settings, where, inside)]
    return list(dict.fromkeys(found))


def _texts(releases: Sequence[Release]) -> Iterator[_Text]:
    for release in releases:
        for obj in release.objects:
            name = " ".join(filter(None, (text(obj, "kind"), text(obj, "metadata", "namespace"), text(obj, "metadata", "name"))))
            yield from _within(release.name, name, obj, kind_of(obj))
        yield from _within(release.name, "values", release.values, "")


def _within(release: str, of: str, root: Object, kind: str) -> Iterator[_Text]:
    for path, value in walk(root):
        if isinstance(value, str):
            renaming = kind == _PREFIXES[0] and path[:2] == _PREFIXES[1]
            yield _Text(release, of, path, value, _is_image(root, path), renaming)


def _is_image(root: Object, path: Path) -> bool:
    """Whether a field holds an image by its own name, its parent's, or that of the variable whose value it is."""
    keys = [str(key).lower() for key in path if isinstance(key, str)]
    if not keys:
        return False
    if keys[-1] == "value":
        return text(root, *path[:-1], "name").lower().endswith("image")
    return keys[-1] in _FIELDS_OF_IMAGES or (keys[-1] == "repository" and "image" in keys)


def _problems(settings: Settings, where: _Text, inside: Sequence[str]) -> Iterator[Problem]:
    partition = settings.place.partition
    for arn, named in arns(where.text):
        if named != partition.name:
            yield _problem(
                settings, where, f"names partition {named} in {shown(arn)}", f"write arn:{partition.name}: by way of config's names"
            )
    for image in images_without_registry(where.text, whole=where.image) if settings.mirror else ():
        yield _problem(settings, where, f"pulls {shown(full_reference(image))}, which is not in the mirror", _CATALOGUE)
    for mention in mentions(where.text):
        if reason := _refused(settings, where, mention, inside):
            yield _problem(settings, where, *reason)


_CATALOGUE = "name it in config/catalogue/ and take it from settings.image or settings.chart"


def _refused(settings: Settings, where: _Text, mention: Mention, inside: Sequence[str]) -> tuple[str, str] | None:
    place = settings.place
    if mention.is_below(_AWS):
        return _foreign_service(settings, where, mention)
    if not settings.mirror or where.renaming or mention.is_below(settings.images.public_hosts):
        return None
    if mention.is_registry:
        return f"names {shown(mention.text)}, which {place.name} pulls from the mirror alone", _CATALOGUE
    if mention.is_dialled and mention.host.rpartition(".")[2] not in inside and not mention.is_below(settings.named_hosts):
        return f"names the public host {shown(mention.host)}", "remove it, or list it in images.public_hosts"
    return None


def _foreign_service(settings: Settings, where: _Text, mention: Mention) -> tuple[str, str] | None:
    place, partition = settings.place, settings.place.partition
    if not mention.scheme and mention.is_below(NAMES_OF_KUBERNETES):
        return None
    if ".dkr.ecr." in mention.host or ".dkr-ecr." in mention.host:
        own = (place.registry(settings.account), place.addon_registry)
        if not settings.mirror or mention.host in own:
            return None
        return f"names the registry {shown(mention.host)}, which is neither the environment's own nor that of EKS's add-ons", _CATALOGUE
    if mention.is_below((partition.url_suffix, partition.dual_stack_suffix)):
        return None
    key = next((str(key).lower() for key in reversed(where.path) if isinstance(key, str)), "")
    if mention.text == where.text and any(word in key for word in _NAMES_OF_SERVICES):
        return None
    return f"names {shown(mention.host)}, which is not in {place.name}", f"write {partition.url_suffix}, from config's tables"


def _problem(settings: Settings, where: _Text, message: str, remedy: str) -> Problem:
    return Problem(f"{where.of}: {path_of(where.path)}", message, remedy, file=f"{settings.name}: release {where.release}")
