"""The VPC that an environment makes for itself.

Separate so that its layout reads as one picture: which subnets there are, how large, and the ways out of each.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from mlplatform.config.sections import SUBNET_BITS, NetworkSettings

MOST_ZONES = 3
PRIVATE, PUBLIC, DATABASE = "private", "public", "database"


class PlatformVpc(Construct):
    """In each zone a private subnet for nodes and pods, a public one for load balancers and NAT, an isolated one for the database."""

    def __init__(self, scope: Construct, id: str, *, settings: NetworkSettings, cluster_name: str) -> None:
        super().__init__(scope, id)
        zones = list(settings.availability_zones)
        has_way_out = settings.nat_gateways > 0
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(str(settings.cidr)),
            availability_zones=zones,
            # Addresses of zones that are not used are kept free: a further one then moves no subnet.
            reserved_azs=MOST_ZONES - len(zones),
            nat_gateways=settings.nat_gateways,
            subnet_configuration=[
                _layer(PRIVATE, settings.cidr, ec2.SubnetType.PRIVATE_WITH_EGRESS if has_way_out else ec2.SubnetType.PRIVATE_ISOLATED),
                _layer(PUBLIC, settings.cidr, ec2.SubnetType.PUBLIC),
                _layer(DATABASE, settings.cidr, ec2.SubnetType.PRIVATE_ISOLATED),
            ],
            gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
        )
        self.private_subnets = self._subnets(PRIVATE)
        self.public_subnets = self._subnets(PUBLIC)
        self.database_subnets = self._subnets(DATABASE)
        self.pod_subnets = _pod_subnets(self, self.private_subnets, settings.pod_cidr) if settings.pod_cidr else []
        for subnet in self.private_subnets:
            # https://karpenter.sh/docs/getting-started/migrating-from-cas/#add-tags-to-subnets-and-security-groups
            Tags.of(subnet).add("karpenter.sh/discovery", cluster_name)
            # https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
            Tags.of(subnet).add("kubernetes.io/role/internal-elb", "1")
        for subnet in self.public_subnets:
            Tags.of(subnet).add("kubernetes.io/role/elb", "1")

    def _subnets(self, layer: str) -> list[ec2.ISubnet]:
        return self.vpc.select_subnets(subnet_group_name=layer).subnets


def _layer(name: str, cidr: IPv4Network, subnet_type: ec2.SubnetType) -> ec2.SubnetConfiguration:
    return ec2.SubnetConfiguration(
        name=name,
        subnet_type=subnet_type,
        cidr_mask=cidr.prefixlen + SUBNET_BITS[name],
        # Only load balancers and NAT gateways are here, and both bring their own addresses.
        map_public_ip_on_launch=False if subnet_type is ec2.SubnetType.PUBLIC else None,
    )


def _pod_subnets(scope: PlatformVpc, beside: Sequence[ec2.ISubnet], cidr: IPv4Network) -> list[ec2.CfnSubnet]:
    """Make a second range for pods, one subnet a zone, with the ways out of the private subnet beside it."""
    association = ec2.CfnVPCCidrBlock(scope, "PodRange", vpc_id=scope.vpc.vpc_id, cidr_block=str(cidr))
    ranges = cidr.subnets(prefixlen_diff=SUBNET_BITS[PRIVATE])
    subnets: list[ec2.CfnSubnet] = []
    for number, (private, addresses) in enumerate(zip(beside, ranges, strict=False), start=1):
        subnet = ec2.CfnSubnet(
            scope,
            f"PodSubnet{number}",
            vpc_id=scope.vpc.vpc_id,
            availability_zone=private.availability_zone,
            cidr_block=str(addresses),
        )
        subnet.add_resource_dependency(association)
        ec2.CfnSubnetRouteTableAssociation(
            scope, f"PodRoutes{number}", subnet_id=subnet.ref, route_table_id=private.route_table.route_table_id
        )
        subnets.append(subnet)
    return subnets
