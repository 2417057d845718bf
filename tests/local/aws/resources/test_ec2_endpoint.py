"""VPC endpoints: names that exist, members that change, and interfaces that wear groups."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.resources.making import Stack, allowing, in_both_partitions


def prefix(stack: Stack) -> str:
    return "cn.com.amazonaws" if stack.partition == "aws-cn" else "com.amazonaws"


def shown(stack: Stack, endpoint: str) -> dict[str, Any]:
    return stack.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]


def tables_with_endpoint(stack: Stack, endpoint: str) -> list[str]:
    tables = stack.client("ec2").describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [stack.vpc]}])["RouteTables"]
    return [table["RouteTableId"] for table in tables if any(route.get("GatewayId") == endpoint for route in table["Routes"])]


def test_a_gateway_endpoint_is_a_route_in_its_tables(stack: Stack) -> None:
    stack.subnets(1)
    first, second = (stack.make("EC2::RouteTable", name, VpcId=stack.vpc).physical_id for name in "AB")
    made = stack.make("EC2::VPCEndpoint", VpcId=stack.vpc, ServiceName=f"com.amazonaws.{stack.region}.s3", RouteTableIds=[first])
    assert tables_with_endpoint(stack, made.physical_id) == [first]
    stack.change(RouteTableIds=[second], PolicyDocument=allowing("s3:GetObject", Principal="*"))
    assert tables_with_endpoint(stack, made.physical_id) == [second]
    assert json.loads(shown(stack, made.physical_id)["PolicyDocument"]) == allowing("s3:GetObject", Principal="*")
    stack.change(PolicyDocument=None)
    assert json.loads(shown(stack, made.physical_id)["PolicyDocument"])["Statement"][0]["Action"] == "*"
    stack.remove()
    assert tables_with_endpoint(stack, made.physical_id) == []


@in_both_partitions
def test_an_interface_endpoint_wears_its_groups_in_its_subnets(stack: Stack) -> None:
    first, second = stack.subnets()
    group, other = stack.group(), stack.group("Other")
    made = stack.make(
        "EC2::VPCEndpoint",
        VpcId=stack.vpc,
        ServiceName=f"{prefix(stack)}.{stack.region}.sts",
        VpcEndpointType="Interface",
        SubnetIds=[first],
        SecurityGroupIds=[group],
        PrivateDnsEnabled="true",
    )
    assert f".sts.{stack.region}.vpce.{stack.suffix}" in made.attributes["DnsEntries"][0]
    changed = stack.change(SubnetIds=[second], SecurityGroupIds=[other], PrivateDnsEnabled=False)
    after = shown(stack, made.physical_id)
    assert (after["SubnetIds"], after["PrivateDnsEnabled"]) == ([second], False)
    (interface,) = stack.client("ec2").describe_network_interfaces(NetworkInterfaceIds=changed.attributes["NetworkInterfaceIds"])[
        "NetworkInterfaces"
    ]
    assert (interface["SubnetId"], [worn["GroupId"] for worn in interface["Groups"]]) == (second, [other])
    with pytest.raises(ClientError, match="has a dependent object"):
        stack.client("ec2").delete_security_group(GroupId=other)


@in_both_partitions
@pytest.mark.parametrize("service", ["sts", "ecr.dkr", "logs"])
def test_the_name_of_the_other_partition_does_not_exist(stack: Stack, service: str) -> None:
    (subnet,) = stack.subnets(1)
    right = prefix(stack) if service != "logs" else "com.amazonaws"
    wrong = "com.amazonaws" if right.startswith("cn.") else "cn.com.amazonaws"
    with pytest.raises(ClientError, match=f"The Vpc Endpoint Service '{wrong}.{stack.region}.{service}' does not exist"):
        stack.make(
            "EC2::VPCEndpoint",
            VpcId=stack.vpc,
            ServiceName=f"{wrong}.{stack.region}.{service}",
            VpcEndpointType="Interface",
            SubnetIds=[subnet],
        )


@in_both_partitions
def test_private_names_need_dns_in_the_vpc(stack: Stack) -> None:
    (subnet,) = stack.subnets(1)
    stack.change("Vpc", EnableDnsHostnames=False)
    with pytest.raises(ClientError, match="Enabling private DNS requires both enableDnsSupport and enableDnsHostnames"):
        stack.make(
            "EC2::VPCEndpoint",
            VpcId=stack.vpc,
            ServiceName=f"{prefix(stack)}.{stack.region}.sts",
            VpcEndpointType="Interface",
            SubnetIds=[subnet],
            PrivateDnsEnabled=True,
        )
