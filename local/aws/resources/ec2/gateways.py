"""How traffic leaves a VPC: internet gateways, their attachments, addresses and NAT gateways.

Separate from routes because a gateway lives without one.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.ec2.tagging import tag, tag_again
from mlplatform.local.aws.resources.lifetime import absence_forgiven, difference, undone_on_failure


class InternetGateway:
    """An internet gateway; `Ref` is its id."""

    properties = frozenset({"Tags"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the gateway, attached to nothing."""
        ec2 = place.client("ec2")
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        with undone_on_failure(lambda: ec2.delete_internet_gateway(InternetGatewayId=gateway)):
            tag(place, gateway, properties)
        return Applied(gateway, {"InternetGatewayId": gateway})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the tags."""
        tag_again(place, current.physical_id, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the gateway, which must be detached."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_internet_gateway(InternetGatewayId=current.physical_id)


class VPCGatewayAttachment:
    """A gateway's attachment to a VPC; `Ref` names both."""

    properties = frozenset({"InternetGatewayId", "VpcId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Attach the gateway."""
        place.client("ec2").attach_internet_gateway(InternetGatewayId=properties["InternetGatewayId"], VpcId=properties["VpcId"])
        return Applied(f"IGW|{properties['VpcId']}", {"AttachmentType": "IGW"})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Attach another gateway in the place of the old one."""
        self.delete(place, current, previous)
        return self.create(place, properties)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Detach the gateway."""
        del current
        with absence_forgiven():
            place.client("ec2").detach_internet_gateway(InternetGatewayId=properties["InternetGatewayId"], VpcId=properties["VpcId"])


class EIP:
    """A public address; `Ref` is the address itself."""

    properties = frozenset({"Domain", "InstanceId", "Tags"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Allocate the address, and give it to an instance if the template names one."""
        ec2 = place.client("ec2")
        address = ec2.allocate_address(Domain=properties.get("Domain", "vpc"))
        allocation = address["AllocationId"]
        with undone_on_failure(lambda: ec2.release_address(AllocationId=allocation)):
            tag(place, allocation, properties)
            if "InstanceId" in properties:
                ec2.associate_address(AllocationId=allocation, InstanceId=properties["InstanceId"])
        return Applied(address["PublicIp"], {"AllocationId": allocation, "PublicIp": address["PublicIp"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Move the address to another instance, and change the tags."""
        ec2, allocation = place.client("ec2"), current.attributes["AllocationId"]
        gained, lost = difference([properties.get("InstanceId")], [previous.get("InstanceId")])
        if lost and lost[0]:
            association = ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0].get("AssociationId")
            if association:
                ec2.disassociate_address(AssociationId=association)
        if gained and gained[0]:
            ec2.associate_address(AllocationId=allocation, InstanceId=gained[0])
        tag_again(place, allocation, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Release the address."""
        del properties
        with absence_forgiven():
            place.client("ec2").release_address(AllocationId=current.attributes["AllocationId"])


class NatGateway:
    """A NAT gateway; `Ref` is its id."""

    properties = frozenset({"AllocationId", "ConnectivityType", "SubnetId", "Tags"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the gateway and wait until it is available."""
        ec2 = place.client("ec2")
        arguments = {key: properties[key] for key in ("AllocationId", "ConnectivityType", "SubnetId") if key in properties}
        made = ec2.create_nat_gateway(**arguments)["NatGateway"]
        gateway = made["NatGatewayId"]
        with undone_on_failure(lambda: ec2.delete_nat_gateway(NatGatewayId=gateway)):
            tag(place, gateway, properties)
            ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[gateway])
        return Applied(gateway, {"NatGatewayId": gateway, "EniId": made["NatGatewayAddresses"][0]["NetworkInterfaceId"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the tags."""
        tag_again(place, current.physical_id, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the gateway, which frees its address and its interface."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_nat_gateway(NatGatewayId=current.physical_id)
