"""The network section: addresses, zones, ways out and private ways to AWS."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.section import Change, Section, on_change
from mlplatform.config.sections.values import Cidr, LogDays

InterfaceEndpoint = Literal[
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "sagemaker.api",
    "sagemaker.runtime",
    "secretsmanager",
    "sqs",
    "ssm",
    "ssmmessages",
    "ec2messages",
    "states",
    "sts",
]
"""Services that can be reached through an interface endpoint, by the last part of the endpoint's name."""

SubnetId = Annotated[str, Field(pattern=r"^subnet-([0-9a-f]{8}|[0-9a-f]{17})$", examples=["subnet-0123456789abcdef0"])]

SUBNET_BITS = {"private": 2, "public": 6, "database": 8}
"""Bits by which a subnet's prefix is longer than the VPC's: of a /16, /18 for nodes and pods, /22 and /24."""


class ExistingVpc(Section):
    """A VPC that somebody else manages; every list has one subnet for each of `availability_zones`, in that order."""

    vpc_id: Annotated[str, Field(pattern=r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", examples=["vpc-0123456789abcdef0"])]
    """The VPC's id, `vpc-` and 8 or 17 hexadecimal digits."""
    private_subnets: Annotated[tuple[SubnetId, ...], Field(min_length=2, max_length=3)]
    """For nodes and pods; they need a route to the internet or the interface endpoints."""
    public_subnets: Annotated[tuple[SubnetId, ...], Field(max_length=3)] = ()
    """For internet-facing load balancers; none where nothing faces the internet."""
    database_subnets: Annotated[tuple[SubnetId, ...], Field(min_length=2, max_length=3)]
    """For the database; no route to the internet is needed."""


class NetworkSettings(Section):
    """Where the environment's addresses, zones and endpoints are."""

    cidr: Annotated[Cidr, Field(json_schema_extra=on_change(Change.REPLACES))] = IPv4Network("10.0.0.0/16")
    """Addresses of the VPC, /16 to /18, or those of `existing`."""
    availability_zones: Annotated[tuple[str, ...], Field(min_length=2, max_length=3, json_schema_extra=on_change(Change.REPLACES))] = ()
    """Zones that subnets are made in; the region's first three unless named here."""
    nat_gateways: Annotated[int, Field(ge=0, le=3, json_schema_extra=on_change(Change.INTERRUPTS))] = 1
    """Ways out to the internet: 1 in dev, one a zone in prod; 0 leaves only the endpoints."""
    interface_endpoints: tuple[InterfaceEndpoint, ...] = ()
    """Services reached without the internet: none in dev, what nodes and pods call in prod."""
    pod_cidr: Annotated[Cidr | None, Field(json_schema_extra=on_change(Change.REPLACES))] = None
    """A second range for pods alone, /16 to /18 of 100.64.0.0/10 or of the private range that `cidr` is in; none unless named here."""
    flow_log_days: LogDays = 30
    """Days that records of accepted and refused connections are kept."""
    existing: Annotated[ExistingVpc | None, Field(json_schema_extra=on_change(Change.REPLACES))] = None
    """Use this VPC and make no network."""

    @property
    def has_way_out(self) -> bool:
        """Whether nodes are known to reach what has no endpoint in a VPC: IAM, and AWS's price lists."""
        return self.nat_gateways > 0
