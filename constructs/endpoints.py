"""Private ways to AWS's services.

Separate because the services' names differ between partitions, which CDK's own table knows for a stack with a concrete region.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network

from aws_cdk import aws_ec2 as ec2
from constructs import Construct


class InterfaceEndpoints(Construct):
    """One endpoint in every private subnet for each service; whoever has an address of the VPC may use them over TLS."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        services: Sequence[str],
        clients: Sequence[IPv4Network],
    ) -> None:
        super().__init__(scope, id)
        group = ec2.SecurityGroup(
            self, "Clients", vpc=vpc, allow_all_outbound=False, description="Reach AWS services through interface endpoints"
        )
        for network in clients:
            group.add_ingress_rule(ec2.Peer.ipv4(str(network)), ec2.Port.tcp(443), "TLS from the VPC")
        for service in services:
            ec2.InterfaceVpcEndpoint(
                self,
                service,
                vpc=vpc,
                service=ec2.InterfaceVpcEndpointAwsService(service),
                subnets=ec2.SubnetSelection(subnets=list(subnets)),
                security_groups=[group],
                open=False,
                private_dns_enabled=True,
            )
