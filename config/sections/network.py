"""The network section: addresses, zones, ways out and private ways to AWS."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.section import Change, Section, on_change

InterfaceEndpoint = Literal[
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
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

SubnetId = Annotated[str, Field(pattern=r"^subnet-([0-9a-f]{8}|[0-9a-f]{17})$")]


class ExistingVpc(Section):
    """A VPC that somebody else manages; every list has one subnet for each of `availability_zones`, in that order."""

    vpc_id: Annotated[str, Field(pattern=r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$")]
    private_subnets: Annotated[tuple[SubnetId, ...], Field(min_length=2)]
    """For nodes and pods; they need a route to the internet or the interface endpoints."""
    public_subnets: tuple[SubnetId, ...] = ()
    """For internet-facing load balancers; none where nothing faces the internet."""
    database_subnets: Annotated[tuple[SubnetId, ...], Field(min_length=2)]
    """For the database; no route to the internet is needed."""


class NetworkSettings(Section):
    """Where the environment's addresses, zones and endpoints are."""

    cidr: Annotated[IPv4Network, Field(strict=False, json_schema_extra=on_change(Change.REPLACES))] = IPv4Network("10.0.0.0/16")
    """Addresses of the VPC, /16 to /19, or those of `existing`."""
    availability_zones: Annotated[tuple[str, ...], Field(min_length=2, max_length=3, json_schema_extra=on_change(Change.REPLACES))] = ()
    """Zones that subnets are made in; the region's first three unless named here."""
    nat_gateways: Annotated[int, Field(ge=0, le=3)] = 1
    """Ways out to the internet: 1 in dev, one a zone in prod; 0 leaves only the endpoints."""
    interface_endpoints: tuple[InterfaceEndpoint, ...] = ()
    """Services reached without the internet: none in dev, what nodes and pods call in prod."""
    pod_cidr: Annotated[IPv4Network | None, Field(strict=False, json_schema_extra=on_change(Change.REPLACES))] = None
    """A second range for pods alone (100.64.0.0/10 or RFC 1918), where the VPC's own addresses are scarce."""
    flow_log_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] = 30
    """Days that records of accepted and refused connections are kept."""
    existing: Annotated[ExistingVpc | None, Field(json_schema_extra=on_change(Change.REPLACES))] = None
    """Use this VPC and make no network."""
