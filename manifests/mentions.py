"""The hosts, registries and ARNs that a text mentions, wherever it stands.

Separate because Kubernetes' names look like hosts (`karpenter.sh/nodepool`), and only here is it decided which is which.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlplatform.config.catalogue.registries import DOCKER_HUB, DOCKER_HUB_NAMES, PUBLIC_REGISTRIES

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST = re.compile(
    rf"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?:[^\s/@\"'=]+@)?(?P<host>(?:{_LABEL}\.)+[a-z][a-z0-9-]*)"
    r"(?P<port>:[0-9]{1,5}(?![\w.]))?(?P<path>/[^\s\"',;)}\]]*)?",
    re.IGNORECASE,
)
_TAG = re.compile(r"(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$")
_ARN = re.compile(r"\barn:(aws[a-z-]*):[^\s\"']*")
_REFERENCE = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::\w[\w.-]*)?(?:@sha256:[0-9a-f]{64})?"
_IN_A_TEXT = re.compile(rf"image[\"']?\s*[:=]\s*[\"']?({_REFERENCE})(?![\w/:.-])", re.IGNORECASE)

# What others publish and blocks or slows down whoever pulls from China; a registry is public wherever it stands.
WELL_KNOWN = (
    "anaconda.org",
    "docker.com",
    "github.com",
    "github.io",
    "githubusercontent.com",
    "googleapis.com",
    "huggingface.co",
    "nvidia.github.io",
    "pytorch.org",
    "storage.googleapis.com",
)
"""Public hosts that are known as such where they stand alone, without `https://` or a port."""

NAMES_OF_KUBERNETES = ("eks.amazonaws.com", "k8s.amazonaws.com", "vpc.amazonaws.com", "compute.internal")
"""Domains of labels, annotations, resources and API groups."""


@dataclass(frozen=True)
class Mention:
    """A host in a text."""

    host: str
    scheme: str
    """Empty where there is none."""
    port: str
    path: str
    text: str
    """All of it, as it was written."""

    @property
    def is_registry(self) -> bool:
        """Whether it names an image or chart: with a tag or digest, by `oci://`, or at a registry that is known."""
        tagged = self.scheme == "" and _TAG.search(self.path) is not None
        return tagged or self.scheme in ("oci", "docker") or self.is_below((*DOCKER_HUB_NAMES, *PUBLIC_REGISTRIES))

    @property
    def is_dialled(self) -> bool:
        """Whether it is there to be connected to, and is no name of Kubernetes': those have neither scheme nor port."""
        return bool(self.scheme or self.port) or self.is_below(WELL_KNOWN)

    def is_below(self, hosts: tuple[str, ...]) -> bool:
        """Whether the host is one of these or below one."""
        return any(self.host == host or self.host.endswith(f".{host}") for host in hosts)


def mentions(text: str) -> Iterator[Mention]:
    """Yield the hosts of a text, and the names of Kubernetes' that look like some."""
    for found in _HOST.finditer(text):
        yield Mention(found["host"].lower(), (found["scheme"] or "").lower(), found["port"] or "", found["path"] or "", found[0])


def arns(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ARNs of a text, each with the partition that it names."""
    for found in _ARN.finditer(text):
        yield found[0], found[1]


def full_reference(image: str) -> str:
    """Return an image's reference with the registry that it means: `busybox` is `docker.io/library/busybox`.

    https://github.com/distribution/reference/blob/main/normalize.go
    """
    first, slash, _ = image.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return image
    return f"{DOCKER_HUB}/{image}" if slash else f"{DOCKER_HUB}/library/{image}"


def images_without_registry(text: str, *, whole: bool) -> Iterator[str]:
    """Yield the images of a text that name no registry, and so come from Docker's.

    Args:
        text: What a field holds.
        whole: Whether all of it is an image; otherwise it may say `--image=nginx:1` or `image: nginx:1`, with a tag or a path.
    """
    if whole:
        if re.fullmatch(_REFERENCE, text) and full_reference(text) != text:
            yield text
        return
    for image in _IN_A_TEXT.findall(text):
        if full_reference(image) != image and ("/" in image or ":" in image):
            yield image
