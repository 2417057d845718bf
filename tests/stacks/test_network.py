"""The network stack: addresses, ways out, private ways to AWS, and records of both."""

from ipaddress import IPv4Network
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.sections import ExistingVpc
from tests.stacks.synthesis import ENVIRONMENTS, Template, committed, varied

PODS = IPv4Network("100.64.0.0/16")


def subnets(template: Template, layer: str = "") -> list[tuple[str, IPv4Network]]:
    """Return zone and addresses of each subnet of a layer."""
    found = template.all("AWS::EC2::Subnet", named=f"Vpc{layer}")
    return [(each["AvailabilityZone"], IPv4Network(each["CidrBlock"])) for each in found]


def endpoints(template: Template, kind: str) -> list[dict[str, Any]]:
    return [each for each in template.all("AWS::EC2::VPCEndpoint") if each["VpcEndpointType"] == kind]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_each_of_three_zones_has_a_private_a_public_and_a_database_subnet(name: str) -> None:
    zones = list(load(name).network.availability_zones)
    assert len(zones) == 3
    for layer in ("private", "public", "database"):
        assert [zone for zone, _ in subnets(committed()[f"{name}-network"], layer)] == zones


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.8.0.0/17", "192.168.64.0/18"])
def test_private_subnets_have_4096_addresses_or_more(cidr: str) -> None:
    private = subnets(varied("global-dev-network", network={"cidr": IPv4Network(cidr)}), "private")
    assert len(private) == 3
    assert all(addresses.prefixlen <= 20 for _, addresses in private)


def test_subnets_lie_in_the_network_and_apart_from_each_other() -> None:
    network = load("global-prod").network.cidr
    ranges = [addresses for _, addresses in subnets(committed()["global-prod-network"])]
    assert len(ranges) == 9
    assert all(each.subnet_of(network) for each in ranges)
    assert not any(one.overlaps(other) for number, one in enumerate(ranges) for other in ranges[:number])


def test_a_third_zone_moves_no_subnet_of_the_first_two() -> None:
    two = subnets(varied("global-dev-network", network={"availability_zones": ("us-west-2a", "us-west-2b")}))
    assert len(two) == 6
    assert set(two) < set(subnets(committed()["global-dev-network"]))


@pytest.mark.parametrize(("name", "gateways"), [("china-dev", 1), ("global-prod", 3)])
def test_dev_has_one_way_out_and_prod_one_in_each_zone(name: str, gateways: int) -> None:
    assert len(committed()[f"{name}-network"].all("AWS::EC2::NatGateway")) == gateways


def test_without_nat_gateways_only_public_subnets_have_a_route_to_the_internet() -> None:
    template = varied("global-dev-network", network={"nat_gateways": 0})
    assert not template.all("AWS::EC2::NatGateway")
    assert len(subnets(template, "private")) == 3
    assert {route["RouteTableId"]["Ref"][:22] for route in template.all("AWS::EC2::Route")} == {"NetworkVpcpublicSubnet"}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_database_subnets_have_no_route_out_of_the_network(name: str) -> None:
    routes = committed()[f"{name}-network"].all("AWS::EC2::Route")
    assert routes
    assert not [route for route in routes if "database" in route["RouteTableId"]["Ref"]]


def test_no_subnet_gives_its_instances_public_addresses() -> None:
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in committed()["global-prod-network"].all("AWS::EC2::Subnet"))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_load_balancers_and_karpenter_find_their_subnets_by_tags(name: str) -> None:
    marks = {
        "private": {"kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": load(name).names.cluster},
        "public": {"kubernetes.io/role/elb": "1"},
        "database": {},
    }
    for layer, expected in marks.items():
        for subnet in committed()[f"{name}-network"].all("AWS::EC2::Subnet", named=layer):
            tags = {tag["Key"]: tag["Value"] for tag in subnet["Tags"] if tag["Key"].startswith(("kubernetes.io/", "karpenter.sh/"))}
            assert tags == expected


@pytest.mark.parametrize("name", ["china-prod", "global-prod"])
def test_interface_endpoints_have_the_names_that_the_region_gives_them(name: str) -> None:
    settings = load(name)
    interfaces = endpoints(committed()[f"{name}-network"], "Interface")
    assert {each["ServiceName"] for each in interfaces} == {
        settings.place.endpoint_service(service) for service in settings.network.interface_endpoints
    }
    assert {len(each["SubnetIds"]) for each in interfaces} == {3}


def test_interface_endpoints_answer_the_network_and_the_pods_over_tls_alone() -> None:
    group = varied("global-prod-network", network={"pod_cidr": PODS}).one("AWS::EC2::SecurityGroup", named="Endpoints")
    rules = {(rule["CidrIp"], rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupIngress"]}
    assert rules == {(str(load("global-prod").network.cidr), "tcp", 443, 443), (str(PODS), "tcp", 443, 443)}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_s3_is_reached_from_every_subnet_without_the_internet(name: str) -> None:
    [gateway] = endpoints(committed()[f"{name}-network"], "Gateway")
    assert len(gateway["RouteTableIds"]) == 9


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_all_connections_are_recorded_for_the_days_that_the_file_says(name: str) -> None:
    settings, template = load(name), committed()[f"{name}-network"]
    log_group = template.one("AWS::Logs::LogGroup")
    assert template.one("AWS::EC2::FlowLog")["TrafficType"] == "ALL"
    assert log_group["LogGroupName"] == settings.names.flow_log_group
    assert log_group["RetentionInDays"] == settings.network.flow_log_days


@pytest.mark.parametrize(("name", "principal"), [("global-dev", "logs.us-west-2.amazonaws.com"), ("china-dev", None)])
def test_a_log_group_has_a_key_of_its_own_where_the_key_may_name_cloudwatch(name: str, principal: str | None) -> None:
    template = committed()[f"{name}-network"]
    statements = template.one("AWS::KMS::Key")["KeyPolicy"]["Statement"]
    services = [statement["Principal"]["Service"] for statement in statements if "Service" in statement["Principal"]]
    assert services == ([principal] if principal else [])
    assert ("KmsKeyId" in template.one("AWS::Logs::LogGroup")) == (principal is not None)


def test_flow_logs_write_to_their_own_log_group_and_pass_no_role() -> None:
    [policy] = committed()["china-dev-network"].one("AWS::IAM::Role")["Policies"]
    own, every = policy["PolicyDocument"]["Statement"]
    assert every["Resource"] == "*"
    assert every["Action"] == "logs:DescribeLogGroups"
    assert own["Resource"] == {"Fn::GetAtt": ["FlowLogGroup242069D3", "Arn"]}
    assert set(own["Action"]) == {"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"}


def test_pods_get_a_second_range_with_the_ways_out_of_the_zone_they_are_in() -> None:
    template = varied("china-dev-network", network={"pod_cidr": PODS})
    made = template.all("AWS::EC2::Subnet", named="PodSubnet")
    routes = [each["RouteTableId"]["Ref"] for each in template.all("AWS::EC2::SubnetRouteTableAssociation", named="PodRoutes")]
    assert template.one("AWS::EC2::VPCCidrBlock")["CidrBlock"] == str(PODS)
    assert [each["AvailabilityZone"] for each in made] == list(load("china-dev").network.availability_zones)
    assert all(IPv4Network(each["CidrBlock"]).subnet_of(PODS) for each in made)
    assert [table[:24] for table in routes] == [f"NetworkVpcprivateSubnet{number}" for number in (1, 2, 3)]


def test_an_existing_vpc_is_used_as_it_is() -> None:
    existing = ExistingVpc(
        vpc_id="vpc-0123456789abcdef0",
        private_subnets=("subnet-0000000000000000a", "subnet-0000000000000000b", "subnet-0000000000000000c"),
        database_subnets=("subnet-0000000000000000d", "subnet-0000000000000000e", "subnet-0000000000000000f"),
    )
    template = varied("global-dev-network", network={"existing": existing})
    assert list(template.resources) == ["DatabaseClientsD3CE02C8"]
    assert template.one("AWS::EC2::SecurityGroup")["VpcId"] == existing.vpc_id
