"""How the images of a pod become their copies, as expressions that the API server evaluates.

Separate from the policies because it is one rule, step by step, for every place where a pod names an image. The language is CEL:
https://kubernetes.io/docs/reference/using-api/cel/.
"""

from collections.abc import Iterable, Mapping

from mlplatform.config.catalogue.registries import DOCKER_HUB, DOCKER_HUB_NAMES, PUBLIC_REGISTRIES

_CONTAINERS = ("object.spec.containers", "object.spec.?initContainers.orValue([])")
_VOLUMES = "object.spec.?volumes.orValue([]).filter(v, v.?image.?reference.orValue('') != '')"
# Those that are there already cannot be changed.
_DEBUGGERS = (
    "object.spec.?ephemeralContainers.orValue([])"
    ".filter(c, !oldObject.spec.?ephemeralContainers.orValue([]).exists(old, old.name == c.name))"
)


def images_of_a_pod() -> str:
    """Return the list of what a new pod pulls."""
    return "\n+ ".join([*(f"{those}.map(c, c.image)" for those in _CONTAINERS), f"{_VOLUMES}.map(v, v.image.reference)\n"])


def images_of_debuggers() -> str:
    """Return the list of what the containers pull that `kubectl debug` adds."""
    return f"{_DEBUGGERS}.map(c, c.image)"


def steps(images: str, root: str) -> Mapping[str, str]:
    """Return the steps from a list of images to that of their copies.

    Args:
        images: The list, as an expression.
        root: What the names of all copies begin with: `ACCOUNT.dkr.ecr.REGION.SUFFIX/prefix`.
    """
    return {
        "images": images,
        # Docker's rule: a first part with a point, a colon or the name `localhost` is a host; without one it is Docker Hub.
        "hosted": f"variables.images.map(i, i.matches('^([^/]*[.:][^/]*|localhost)/') ? i : '{DOCKER_HUB}/' + i)",
        "named": (
            f"variables.hosted.map(i, i.matches('{_begins_with(DOCKER_HUB_NAMES)}')\n"
            f"  ? '{DOCKER_HUB}/' + (i.split('/').size() == 2 ? 'library/' : '') + i.split('/', 2)[1] : i)\n"
        ),
        "copies": (
            f"variables.named.map(i, i.matches('{_begins_with((DOCKER_HUB, *PUBLIC_REGISTRIES), or_below=True)}')\n  ? '{root}/' + i : i)\n"
        ),
    }


def copies_in_a_pod() -> str:
    """Return the expression that puts the copies into a new pod."""
    return (
        "Object{spec: Object.spec{\n"
        f"  containers: {_with_copies('containers', _CONTAINERS[0])},\n"
        f"  initContainers: {_with_copies('initContainers', _CONTAINERS[1])},\n"
        f"  volumes: {_VOLUMES}.map(v,\n"
        f"    Object.spec.volumes{{name: v.name, image: Object.spec.volumes.image{{reference: {_copy('v.image.reference')}}}}})\n"
        "}}\n"
    )


def copies_in_debuggers() -> str:
    """Return the expression that puts the copies into the containers that `kubectl debug` adds."""
    return f"Object{{spec: Object.spec{{ephemeralContainers: {_with_copies('ephemeralContainers', _DEBUGGERS)}}}}}"


def _with_copies(field: str, those: str) -> str:
    return f"{those}.map(c,\n    Object.spec.{field}{{name: c.name, image: {_copy('c.image')}}})"


def _copy(image: str) -> str:
    return f"variables.copies[variables.images.indexOf({image})]"


def _begins_with(hosts: Iterable[str], *, or_below: bool = False) -> str:
    # A point in brackets needs no backslash, which CEL would take for its own.
    alternatives = "|".join(host.replace(".", "[.]") for host in hosts)
    return f"^{'([^/]+[.])?' if or_below else ''}({alternatives})/"
