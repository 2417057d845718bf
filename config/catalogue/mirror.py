"""Where an environment's own copies of images and charts are.

Separate because this is the only place that knows how a copy is named after what it is a copy of.
"""

from dataclasses import dataclass, replace

from mlplatform.config.catalogue.entry import Chart, Image

_CHARTS = "charts"
"""Where charts are, apart from images that could have the same name."""


@dataclass(frozen=True)
class Mirror:
    """Repositories of one registry under one prefix."""

    registry: str
    """The host: `ACCOUNT.dkr.ecr.REGION.SUFFIX`."""
    prefix: str

    @property
    def root(self) -> str:
        """What the name of every copy begins with, without a slash at its end."""
        return f"{self.registry}/{self.prefix}" if self.prefix else self.registry

    def image(self, upstream: Image) -> Image:
        """Return an image's copy, which has its tag and digest; its name keeps the publisher's registry, so that no two are the same."""
        return replace(upstream, repository=f"{self.root}/{upstream.repository}")

    def chart(self, upstream: Chart) -> Chart:
        """Return a chart's copy, in an OCI registry whatever its publisher has."""
        return replace(upstream, repository=f"oci://{self.root}/{_CHARTS}")
