"""Route tables, the routes in them, and which subnet follows which.

Separate from gateways because a route connects two things that exist without it.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.ec2.tagging import tag, tag_again
from mlplatform.local.aws.resources.lifetime import absence_forgiven, undone_on_failure

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_TARGETS = (
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
)


class RouteTable:
    """A route table; `Ref` is its id."""

    properties = frozenset({"Tags", "VpcId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the table, which holds the VPC's local route."""
        ec2 = place.client("ec2")
        table = ec2.create_route_table(VpcId=properties["VpcId"])["RouteTable"]["RouteTableId"]
        with undone_on_failure(lambda: ec2.delete_route_table(RouteTableId=table)):
            tag(place, table, properties)
        return Applied(table, {"RouteTableId": table})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the tags."""
        tag_again(place, current.physical_id, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the table, which no subnet may follow any more."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_route_table(RouteTableId=current.physical_id)


class Route:
    """One route; `Ref` is its table and its destination."""

    properties = frozenset({"RouteTableId", *_DESTINATIONS, *_TARGETS})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Add the route to its table."""
        place.client("ec2").create_route(**properties)
        return _route(properties)

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Point the route at another target."""
        del current, previous
        place.client("ec2").replace_route(**properties)
        return _route(properties)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the route out of its table."""
        del current
        which = {key: properties[key] for key in ("RouteTableId", *_DESTINATIONS) if key in properties}
        with absence_forgiven():
            place.client("ec2").delete_route(**which)


class SubnetRouteTableAssociation:
    """Which table a subnet follows; `Ref` is the association's id."""

    properties = frozenset({"RouteTableId", "SubnetId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Let the subnet follow the table."""
        made = place.client("ec2").associate_route_table(RouteTableId=properties["RouteTableId"], SubnetId=properties["SubnetId"])
        return Applied(made["AssociationId"], {"Id": made["AssociationId"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change nothing: an association is replaced."""
        del place, properties, previous
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Let the subnet follow the VPC's main table again."""
        del properties
        with absence_forgiven():
            place.client("ec2").disassociate_route_table(AssociationId=current.physical_id)


def _route(properties: Properties) -> Applied:
    destination = next(properties[key] for key in _DESTINATIONS if key in properties)
    return Applied(f"{properties['RouteTableId']}|{destination}", {"CidrBlock": destination})
