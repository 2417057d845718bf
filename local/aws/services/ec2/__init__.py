"""EC2: what moto lets pass and EC2 refuses, and what moto forgets to free.

Separate modules because a network's dependencies and a VPC's endpoints are rules of their own.
"""

from typing import Any

from moto.ec2 import urls
from moto.ec2.models import ec2_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.models.launch_templates import LaunchTemplate

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.services.ec2.endpoints import Endpoints
from mlplatform.local.aws.services.ec2.responses import Responses
from mlplatform.local.aws.services.extension import extend


class EC2(Endpoints):
    """One region's EC2 of one account."""

    def describe_launch_templates(self, *args: Any, **kwargs: Any) -> list[LaunchTemplate]:
        """List templates with the tags that they have now; moto keeps those of their creation."""
        templates = super().describe_launch_templates(*args, **kwargs)
        for template in templates:
            template.tags = template.get_tags()
        return templates


def install() -> None:
    """Put this EC2 in the place of moto's, and the regions' zones where moto knows others."""
    for region in REGIONS.values():
        known = {zone.name: zone for zone in RegionsAndZonesBackend.zones.get(region.name, [])}
        RegionsAndZonesBackend.zones[region.name] = [
            known.get(name) or Zone(name=name, region_name=region.name, zone_id=_zone_id(region.name, name)) for name in region.zones
        ]
    extend(ec2_backends, EC2, urls, Responses)


def _zone_id(region: str, zone: str) -> str:
    # `cn-north-1d` is `cnn1-az4` on paper; which letter is which data centre differs by account on AWS, and is made up here.
    area, direction, number = region.split("-")
    return f"{area}{direction[0]}{number}-az{ord(zone[-1]) - ord('a') + 1}"
