"""The catalogue as one environment sees it.

Separate because manifests ask for a name and must not know whether what they get is a copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.config.catalogue.charts import charts
from mlplatform.config.catalogue.entry import Addon, Chart, Image
from mlplatform.config.catalogue.images import images
from mlplatform.config.catalogue.mirror import Mirror
from mlplatform.config.versions import MatchedSet


@dataclass(frozen=True)
class Catalogue:
    """Every image, chart and add-on by name, each as it is pulled."""

    images: Mapping[str, Image]
    charts: Mapping[str, Chart]
    addons: Mapping[str, Addon]


def catalogue(versions: MatchedSet, addon_registry: str, addon_versions: Mapping[str, str], mirror: Mirror | None = None) -> Catalogue:
    """Return the catalogue of what goes with a Kubernetes version.

    Args:
        versions: The matched set.
        addon_registry: The host of EKS add-ons' images in the environment's region.
        addon_versions: Versions of the add-ons that the environment has, by name.
        mirror: Where the environment's own copies are; the publishers' own names unless given.
    """
    pulled_images = (mirror.image(image) if mirror else image for image in images(versions))
    pulled_charts = (mirror.chart(chart) if mirror else chart for chart in charts(versions))
    addons = (Addon(name, "AWS", version, addon_registry) for name, version in addon_versions.items())
    return Catalogue(
        {image.name: image for image in pulled_images},
        {chart.name: chart for chart in pulled_charts},
        {addon.name: addon for addon in addons},
    )
