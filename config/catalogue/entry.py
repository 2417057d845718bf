"""What the catalogue says of one image, chart or add-on.

Separate from the tables so that they hold nothing but names and versions.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Image:
    """A container image."""

    name: str
    """What manifests call it: `karpenter`, `nvidia-device-plugin`."""
    publisher: str
    repository: str
    """Registry and path: `nvcr.io/nvidia/k8s-device-plugin`."""
    tag: str
    used_by: tuple[str, ...]
    """The releases whose pods run it."""
    digest: str | None = None
    """`sha256:` and 64 digits, of the list of all architectures; none where its publisher states none that could be checked."""
    hidden: bool = False
    """Whether it stands elsewhere than in a container's `image`: in an argument, a variable, a ConfigMap or a chart's values."""

    @property
    def reference(self) -> str:
        """What a container's `image` holds."""
        return f"{self.repository}:{self.tag}" + (f"@{self.digest}" if self.digest else "")


@dataclass(frozen=True)
class Chart:
    """A Helm chart of a publisher."""

    name: str
    publisher: str
    repository: str
    """URL of the repository that holds it; `oci://` and registry and path without the chart's name, or `https://`."""
    version: str
    used_by: tuple[str, ...]
    """The releases that are made from it."""
    digest: str | None = None
    """Of its manifest in an OCI registry, where known."""

    @property
    def oci(self) -> bool:
        """Whether an OCI registry holds it."""
        return self.repository.startswith("oci://")

    @property
    def reference(self) -> str:
        """The chart's own URL in an OCI registry, or its repository's."""
        return f"{self.repository}/{self.name}" if self.oci else self.repository


@dataclass(frozen=True)
class Addon:
    """An EKS add-on, whose images AWS keeps in a registry of the region."""

    name: str
    publisher: str
    version: str
    registry: str
    """The host that its images come from."""
