"""Every image, chart and add-on of the platform: its publisher, version and users, and where an environment pulls it from."""

from mlplatform.config.catalogue.entry import Addon, Chart, Image
from mlplatform.config.catalogue.lookup import Catalogue, catalogue
from mlplatform.config.catalogue.mirror import Mirror

__all__ = ["Addon", "Catalogue", "Chart", "Image", "Mirror", "catalogue"]
