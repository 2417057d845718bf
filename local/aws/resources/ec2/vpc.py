"""The VPC itself, its further address ranges and its subnets.

Separate from gateways and routes because these three are what addresses come from.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, NeedsReplacementError, Place, Properties
from mlplatform.local.aws.resources.ec2.tagging import tag, tag_again
from mlplatform.local.aws.resources.inputs import truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, undone_on_failure


class VPC:
    """A VPC; `Ref` is its id."""

    properties = frozenset({"CidrBlock", "EnableDnsHostnames", "EnableDnsSupport", "InstanceTenancy", "Tags"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the VPC, which brings its default group and network ACL, then set its DNS."""
        ec2 = place.client("ec2")
        tenancy = properties.get("InstanceTenancy", "default")
        vpc = ec2.create_vpc(CidrBlock=properties["CidrBlock"], InstanceTenancy=tenancy)["Vpc"]["VpcId"]
        with undone_on_failure(lambda: ec2.delete_vpc(VpcId=vpc)):
            tag(place, vpc, properties)
            _set_dns(ec2, vpc, properties, {})
            return Applied(vpc, _vpc_attributes(ec2, vpc))

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change DNS and tags; a tenancy can only become the default one in place."""
        ec2, vpc = place.client("ec2"), current.physical_id
        if changed(properties, previous, "InstanceTenancy"):
            if properties.get("InstanceTenancy", "default") != "default":
                raise NeedsReplacementError
            ec2.modify_vpc_tenancy(VpcId=vpc, InstanceTenancy="default")
        _set_dns(ec2, vpc, properties, previous)
        tag_again(place, vpc, properties, previous)
        return Applied(vpc, _vpc_attributes(ec2, vpc))

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the VPC, which must be empty."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_vpc(VpcId=current.physical_id)


class VPCCidrBlock:
    """A further address range of a VPC, as pods need; `Ref` is the association's id."""

    properties = frozenset({"CidrBlock", "VpcId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Associate the range."""
        made = place.client("ec2").associate_vpc_cidr_block(VpcId=properties["VpcId"], CidrBlock=properties["CidrBlock"])
        association = made["CidrBlockAssociation"]["AssociationId"]
        return Applied(association, {"Id": association})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change nothing: a range is replaced."""
        del place, properties, previous
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Give the range back."""
        del properties
        with absence_forgiven():
            place.client("ec2").disassociate_vpc_cidr_block(AssociationId=current.physical_id)


class Subnet:
    """A subnet; `Ref` is its id."""

    properties = frozenset({"AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "MapPublicIpOnLaunch", "Tags", "VpcId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the subnet."""
        ec2 = place.client("ec2")
        arguments = {key: properties[key] for key in ("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "VpcId") if key in properties}
        made = ec2.create_subnet(**arguments)["Subnet"]
        subnet = made["SubnetId"]
        with undone_on_failure(lambda: ec2.delete_subnet(SubnetId=subnet)):
            tag(place, subnet, properties)
            _set_public(ec2, subnet, properties, {})
        names = ("SubnetId", "AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "VpcId")
        return Applied(subnet, {name: made[name] for name in names} | {"Ipv6CidrBlocks": []})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change whether instances get public addresses, and the tags."""
        _set_public(place.client("ec2"), current.physical_id, properties, previous)
        tag_again(place, current.physical_id, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the subnet, which must hold no network interface."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_subnet(SubnetId=current.physical_id)


def _set_dns(ec2: Any, vpc: str, properties: Properties, previous: Properties) -> None:
    # The API takes one attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
    for name, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
        if changed(properties, previous, name):
            ec2.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": truth(properties.get(name, default), name)}})


def _set_public(ec2: Any, subnet: str, properties: Properties, previous: Properties) -> None:
    if changed(properties, previous, "MapPublicIpOnLaunch"):
        public = truth(properties.get("MapPublicIpOnLaunch", False), "MapPublicIpOnLaunch")
        ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": public})


def _vpc_attributes(ec2: Any, vpc: str) -> dict[str, Any]:
    described = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    groups = ec2.describe_security_groups(Filters=[*mine, {"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    acls = ec2.describe_network_acls(Filters=[*mine, {"Name": "default", "Values": ["true"]}])["NetworkAcls"]
    return {
        "VpcId": vpc,
        "CidrBlock": described["CidrBlock"],
        "CidrBlockAssociations": [block["AssociationId"] for block in described["CidrBlockAssociationSet"]],
        "DefaultSecurityGroup": groups[0]["GroupId"],
        "DefaultNetworkAcl": acls[0]["NetworkAclId"],
        "Ipv6CidrBlocks": [],
    }
