"""A VPC's parts, what they refuse in the wrong order, and that all of them go."""

import pytest
from botocore.exceptions import ClientError

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.resources.contract import NeedsReplacementError
from tests.local.aws.resources.making import Stack, as_map, in_both_partitions


def public(stack: Stack) -> tuple[str, str, str]:
    """Make a VPC with a public subnet; return the subnet, its route table and the gateway."""
    (subnet,) = stack.subnets(1)
    gateway = stack.make("EC2::InternetGateway", "Internet").physical_id
    stack.make("EC2::VPCGatewayAttachment", "Attachment", VpcId=stack.vpc, InternetGatewayId=gateway)
    table = stack.make("EC2::RouteTable", "Public", VpcId=stack.vpc).physical_id
    stack.make("EC2::SubnetRouteTableAssociation", "Association", RouteTableId=table, SubnetId=subnet)
    stack.make("EC2::Route", "Out", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    return subnet, table, gateway


def nat(stack: Stack, subnet: str, logical_id: str = "Nat") -> str:
    address = stack.make("EC2::EIP", f"{logical_id}Address", Domain="vpc").attributes["AllocationId"]
    return stack.make("EC2::NatGateway", logical_id, SubnetId=subnet, AllocationId=address).physical_id


def test_a_vpc_has_its_dns_and_the_marks_of_its_stack(stack: Stack) -> None:
    made = stack.make("EC2::VPC", "Vpc", CidrBlock="10.0.0.0/16", EnableDnsHostnames="true", Tags=[{"Key": "Name", "Value": "v"}])
    ec2, vpc = stack.client("ec2"), made.physical_id
    assert ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"] is True
    assert as_map(ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]) == {
        "team": "ml",
        "Name": "v",
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.place("").stack_id,
        "aws:cloudformation:logical-id": "Vpc",
    }
    group = ec2.describe_security_groups(GroupIds=[made.attributes["DefaultSecurityGroup"]])["SecurityGroups"][0]
    assert (group["GroupName"], group["VpcId"]) == ("default", vpc)
    assert made.attributes["CidrBlock"] == "10.0.0.0/16"


def test_a_vpc_changes_its_dns_and_tags_and_is_replaced_for_another_tenancy(stack: Stack) -> None:
    vpc = stack.make("EC2::VPC", CidrBlock="10.0.0.0/16", Tags=[{"Key": "a", "Value": "b"}]).physical_id
    stack.change(EnableDnsHostnames=True, EnableDnsSupport=True, Tags=[{"Key": "c", "Value": "d"}])
    ec2 = stack.client("ec2")
    assert ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"] is True
    tags = as_map(ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"])
    assert "a" not in tags
    assert (tags["c"], tags["aws:cloudformation:logical-id"]) == ("d", "Thing")
    with pytest.raises(NeedsReplacementError):
        stack.change(InstanceTenancy="dedicated")


def test_pods_get_a_range_of_their_own(stack: Stack) -> None:
    vpc = stack.make("EC2::VPC", "Vpc", CidrBlock="10.0.0.0/16").physical_id
    stack.make("EC2::VPCCidrBlock", VpcId=vpc, CidrBlock="100.64.0.0/16")
    blocks = stack.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlockAssociationSet"]
    assert [block["CidrBlock"] for block in blocks] == ["10.0.0.0/16", "100.64.0.0/16"]


@in_both_partitions
def test_subnets_lie_in_every_zone_of_the_tables(stack: Stack) -> None:
    zones = REGIONS[stack.region].zones
    subnets = stack.client("ec2").describe_subnets(SubnetIds=stack.subnets(len(zones)))["Subnets"]
    assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == sorted(zones)


def test_a_subnet_gives_public_addresses_or_not(stack: Stack) -> None:
    (subnet,) = stack.subnets(1)
    stack.change("Subnet0", MapPublicIpOnLaunch="true")
    ec2 = stack.client("ec2")
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["MapPublicIpOnLaunch"] is True
    stack.change("Subnet0", MapPublicIpOnLaunch=None)
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["MapPublicIpOnLaunch"] is False


def test_routes_lead_out_and_are_replaced(stack: Stack) -> None:
    subnet, table, _ = public(stack)
    private = stack.make("EC2::RouteTable", "Private", VpcId=stack.vpc).physical_id
    first = nat(stack, subnet, "NatA")
    second = nat(stack, subnet, "NatB")
    stack.make("EC2::Route", "Default", RouteTableId=private, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=first)
    stack.change("Default", NatGatewayId=second)
    ec2 = stack.client("ec2")
    routes = ec2.describe_route_tables(RouteTableIds=[private])["RouteTables"][0]["Routes"]
    assert [route["NatGatewayId"] for route in routes if "NatGatewayId" in route] == [second]
    associations = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"]
    assert [association["SubnetId"] for association in associations] == [subnet]
    stack.remove("Default")
    routes = ec2.describe_route_tables(RouteTableIds=[private])["RouteTables"][0]["Routes"]
    assert [route["DestinationCidrBlock"] for route in routes] == ["10.0.0.0/16"]


def test_a_route_needs_the_gateway_attached(stack: Stack) -> None:
    vpc = stack.make("EC2::VPC", "Vpc", CidrBlock="10.0.0.0/16").physical_id
    gateway = stack.make("EC2::InternetGateway", "Internet").physical_id
    table = stack.make("EC2::RouteTable", "Table", VpcId=vpc).physical_id
    with pytest.raises(ClientError, match="belong to different networks"):
        stack.make("EC2::Route", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)


def test_a_nat_gateway_needs_a_way_to_the_internet(stack: Stack) -> None:
    (subnet,) = stack.subnets(1)
    with pytest.raises(ClientError, match="has no Internet gateway attached"):
        nat(stack, subnet)


def test_a_nat_gateway_holds_its_subnet_and_its_network_until_it_goes(stack: Stack) -> None:
    subnet, _, gateway = public(stack)
    nat(stack, subnet)
    ec2 = stack.client("ec2")
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_subnet(SubnetId=subnet)
    with pytest.raises(ClientError, match="mapped public address"):
        ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=stack.vpc)
    stack.remove("Nat")
    interfaces = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [subnet]}])["NetworkInterfaces"]
    assert interfaces == []


def test_a_vpc_with_something_in_it_is_not_deleted(stack: Stack) -> None:
    public(stack)
    with pytest.raises(ClientError, match="DependencyViolation"):
        stack.client("ec2").delete_vpc(VpcId=stack.vpc)


def test_nothing_of_a_network_is_left_when_its_stack_is_deleted(stack: Stack) -> None:
    subnet, _, _ = public(stack)
    nat(stack, subnet)
    stack.group()
    vpc = stack.vpc
    stack.end()
    assert all(known["VpcId"] != vpc for known in stack.client("ec2").describe_vpcs()["Vpcs"])


def test_an_address_is_released(stack: Stack) -> None:
    made = stack.make("EC2::EIP", Domain="vpc", Tags=[{"Key": "a", "Value": "b"}])
    stack.change(Tags=[{"Key": "a", "Value": "c"}])
    ec2 = stack.client("ec2")
    (shown,) = ec2.describe_addresses(PublicIps=[made.physical_id])["Addresses"]
    assert (shown["AllocationId"], as_map(shown["Tags"])["a"]) == (made.attributes["AllocationId"], "c")
    stack.remove()
    assert all(known["PublicIp"] != made.physical_id for known in ec2.describe_addresses()["Addresses"])


def test_a_flow_log_records_a_vpc(stack: Stack) -> None:
    vpc = stack.make("EC2::VPC", "Vpc", CidrBlock="10.0.0.0/16").physical_id
    group = stack.make("Logs::LogGroup", "Logs").physical_id
    role = stack.role("vpc-flow-logs.amazonaws.com").attributes["Arn"]
    made = stack.make(
        "EC2::FlowLog",
        ResourceId=vpc,
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName=group,
        DeliverLogsPermissionArn=role,
        MaxAggregationInterval="60",
    )
    (shown,) = stack.client("ec2").describe_flow_logs(FlowLogIds=[made.physical_id])["FlowLogs"]
    assert (shown["ResourceId"], shown["LogGroupName"], shown["MaxAggregationInterval"]) == (vpc, group, 60)
    assert shown["DeliverLogsStatus"] == "SUCCESS"
