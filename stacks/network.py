"""The network stack: the VPC that everything else is in.

Separate because it changes least and must exist before anything that has an address.
"""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from mlplatform.config.sections import ExistingVpc, NetworkSettings
from mlplatform.constructs.endpoints import InterfaceEndpoints
from mlplatform.constructs.flow_logs import FlowLogs
from mlplatform.constructs.key import PlatformKey
from mlplatform.constructs.log_group import PlatformLogGroup
from mlplatform.constructs.vpc import PlatformVpc
from mlplatform.stacks.environment import Environment, EnvironmentStack


class Network(EnvironmentStack):
    """A VPC of the environment's own, or one that somebody else manages."""

    vpc: ec2.IVpc
    private_subnets: Sequence[ec2.ISubnet]
    """For nodes, pods and the API server's network interfaces."""
    database_subnets: Sequence[ec2.ISubnet]
    """Without a route to the internet."""
    pod_subnets: Sequence[ec2.CfnSubnet]
    """Of the second range for pods, one a zone; empty where there is none."""
    has_way_out: bool
    """Whether nodes are known to reach what has no endpoint in the VPC."""

    def __init__(self, scope: Construct, environment: Environment, settings: NetworkSettings) -> None:
        super().__init__(scope, "network", environment, description="VPC, subnets, ways out, private ways to AWS services and flow logs")
        self.has_way_out = settings.has_way_out
        if settings.existing:
            self._use(settings.existing, settings)
        else:
            self._make(environment, settings)
        self.database_clients = ec2.SecurityGroup(
            self,
            "DatabaseClients",
            vpc=self.vpc,
            # The nodes wear the cluster's own group besides, which lets everything out.
            allow_all_outbound=False,
            description="Nodes whose pods may reach the database",
        )

    def _make(self, environment: Environment, settings: NetworkSettings) -> None:
        names, protection = environment.names, environment.protection
        network = PlatformVpc(self, "Network", settings=settings, cluster_name=names.cluster)
        self.vpc = network.vpc
        self.private_subnets = network.private_subnets
        self.database_subnets = network.database_subnets
        self.pod_subnets = network.pod_subnets

        key = PlatformKey(self, "Key", purpose="network", names=names, protection=protection)
        log_group = PlatformLogGroup(
            self, "FlowLogGroup", name=names.flow_log_group, days=settings.flow_log_days, key=key, protection=protection
        ).log_group
        FlowLogs(self, "FlowLogs", vpc=self.vpc, log_group=log_group, role_name=names.role("flow-logs"))
        if settings.interface_endpoints:
            InterfaceEndpoints(
                self,
                "Endpoints",
                vpc=self.vpc,
                subnets=self.private_subnets,
                services=settings.interface_endpoints,
                clients=[settings.cidr, *([settings.pod_cidr] if settings.pod_cidr else [])],
            )

    def _use(self, existing: ExistingVpc, settings: NetworkSettings) -> None:
        self.vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "ExistingVpc",
            vpc_id=existing.vpc_id,
            availability_zones=list(settings.availability_zones),
            private_subnet_ids=list(existing.private_subnets),
            public_subnet_ids=list(existing.public_subnets) or None,
            isolated_subnet_ids=list(existing.database_subnets),
            vpc_cidr_block=str(settings.cidr),
        )
        self.private_subnets = self.vpc.private_subnets
        self.database_subnets = self.vpc.isolated_subnets
        self.pod_subnets = []
