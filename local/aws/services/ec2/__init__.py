"""EC2: what moto lets pass and EC2 refuses, and what moto forgets to free.

Separate modules because a network's dependencies and a VPC's endpoints are rules of their own.
"""

from typing import Any

from moto.ec2 import urls
from moto.ec2.models import ec2_backends
from moto.ec2.models.launch_templates import LaunchTemplate

from mlplatform.local.aws.services.ec2.endpoints import Endpoints
from mlplatform.local.aws.services.ec2.responses import Responses
from mlplatform.local.aws.services.extension import extend
from mlplatform.local.aws.zones import play_zones


class EC2(Endpoints):
    """One region's EC2 of one account."""

    def describe_launch_templates(self, *args: Any, **kwargs: Any) -> list[LaunchTemplate]:
        """List templates with the tags that they have now; moto keeps those of their creation."""
        templates = super().describe_launch_templates(*args, **kwargs)
        for template in templates:
            template.tags = template.get_tags()
        return templates


def install() -> None:
    """Put this EC2 in the place of moto's, with the zones of the platform's tables."""
    play_zones()
    extend(ec2_backends, EC2, urls, Responses)
