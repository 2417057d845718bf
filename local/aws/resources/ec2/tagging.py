"""Tags of EC2 resources, which CloudFormation marks with the stack and the logical id that they belong to.

Separate because every EC2 resource is tagged by the same two calls.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Place, Properties
from mlplatform.local.aws.resources.lifetime import pairs, retag, tags_of


def tag(place: Place, resource_id: str, properties: Properties) -> None:
    """Give a new resource the template's tags, the stack's, and CloudFormation's own three.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
    """
    marks = {
        "aws:cloudformation:stack-name": place.stack_name,
        "aws:cloudformation:stack-id": place.stack_id,
        "aws:cloudformation:logical-id": place.logical_id,
    }
    place.client("ec2").create_tags(Resources=[resource_id], Tags=pairs({**marks, **tags_of(place, properties)}))


def tag_again(place: Place, resource_id: str, properties: Properties, previous: Properties) -> None:
    """Bring the tags of a resource up to date."""
    ec2: Any = place.client("ec2")
    retag(
        place,
        properties,
        previous,
        add=lambda tags: ec2.create_tags(Resources=[resource_id], Tags=pairs(tags)),
        remove=lambda keys: ec2.delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in keys]),
    )
