"""`AWS::EC2::VPCEndpoint`: an AWS service reached from inside a VPC, through a route or through interfaces.

Separate because the two kinds of endpoint take different properties and change in different ways.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.ec2.tagging import tag, tag_again
from mlplatform.local.aws.resources.inputs import text_of, truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, difference, undone_on_failure

_MEMBERS = ("RouteTableIds", "SecurityGroupIds", "SubnetIds")


class VPCEndpoint:
    """A gateway or interface endpoint; `Ref` is its id."""

    properties = frozenset({"PolicyDocument", "PrivateDnsEnabled", "ServiceName", "Tags", "VpcEndpointType", "VpcId", *_MEMBERS})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the endpoint."""
        ec2 = place.client("ec2")
        arguments = {key: properties[key] for key in ("ServiceName", "VpcId", *_MEMBERS) if key in properties}
        kind = properties.get("VpcEndpointType", "Gateway")
        made = ec2.create_vpc_endpoint(**arguments, VpcEndpointType=kind, PrivateDnsEnabled=_private_dns(properties), **_policy(properties))
        endpoint = made["VpcEndpoint"]["VpcEndpointId"]
        with undone_on_failure(lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])):
            tag(place, endpoint, properties)
            return Applied(endpoint, _attributes(ec2, endpoint))

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change policy, private DNS, members and tags."""
        ec2, endpoint = place.client("ec2"), current.physical_id
        arguments: dict[str, Any] = {}
        if changed(properties, previous, "PolicyDocument"):
            arguments = _policy(properties) or {"ResetPolicy": True}
        if changed(properties, previous, "PrivateDnsEnabled"):
            arguments["PrivateDnsEnabled"] = _private_dns(properties)
        for members in _MEMBERS:
            gained, lost = difference(properties.get(members), previous.get(members))
            arguments |= {f"Add{members}": gained} if gained else {}
            arguments |= {f"Remove{members}": lost} if lost else {}
        if arguments:
            ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, **arguments)
        tag_again(place, endpoint, properties, previous)
        return Applied(endpoint, _attributes(ec2, endpoint))

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the endpoint with its routes or interfaces."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[current.physical_id])


def _private_dns(properties: Properties) -> bool:
    return truth(properties.get("PrivateDnsEnabled", False), "PrivateDnsEnabled")


def _policy(properties: Properties) -> dict[str, str]:
    return {"PolicyDocument": text_of(properties["PolicyDocument"])} if "PolicyDocument" in properties else {}


def _attributes(ec2: Any, endpoint: str) -> dict[str, Any]:
    described = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    return {
        "Id": endpoint,
        "CreationTimestamp": described["CreationTimestamp"].isoformat(),
        "DnsEntries": [f"{entry.get('HostedZoneId', '')}:{entry['DnsName']}" for entry in described.get("DnsEntries") or ()],
        "NetworkInterfaceIds": described.get("NetworkInterfaceIds") or [],
    }
