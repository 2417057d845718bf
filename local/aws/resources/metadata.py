"""`AWS::CDK::Metadata`: what the CDK says about itself, which makes nothing.

Separate so that it is visible that a type is allowed on purpose to do nothing.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType


class Metadata:
    """A record of the constructs in a template; CloudFormation keeps it in the template alone."""

    properties = frozenset({"Analytics", "Modules"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Give the record an id."""
        del properties
        return Applied(place.logical_id)

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Keep the id."""
        del place, properties, previous
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Forget the record, which only the template held."""


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::CDK::Metadata": Metadata()}
