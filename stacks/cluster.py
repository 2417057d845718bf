"""The cluster stack: the control plane, who may reach it, the nodes and add-ons of the platform itself.

Separate from the network, which outlives it, and from what is installed in it, which changes more often.
"""

from typing import cast

from aws_cdk import Fn, RemovalPolicies
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.lambda_layer_kubectl_v36 import KubectlV36Layer
from constructs import Construct, DependencyGroup

from mlplatform.config.features import Feature
from mlplatform.config.sections import ClusterSettings
from mlplatform.constructs.addons import Addons
from mlplatform.constructs.key import PlatformKey
from mlplatform.constructs.log_group import PlatformLogGroup
from mlplatform.constructs.node_role import NodeRole
from mlplatform.constructs.pod_role import TokenIssuer
from mlplatform.constructs.protection import Protection
from mlplatform.constructs.system_nodes import SystemNodeGroup
from mlplatform.stacks.environment import Environment, EnvironmentStack
from mlplatform.stacks.network import Network

_KUBECTL_LAYERS = {"1.36": KubectlV36Layer}
_LOG_TYPES = {
    "api": eks.ClusterLoggingTypes.API,
    "audit": eks.ClusterLoggingTypes.AUDIT,
    "authenticator": eks.ClusterLoggingTypes.AUTHENTICATOR,
    "controllerManager": eks.ClusterLoggingTypes.CONTROLLER_MANAGER,
    "scheduler": eks.ClusterLoggingTypes.SCHEDULER,
}


class Cluster(EnvironmentStack):
    """An EKS cluster whose access is by entries, whose secrets are encrypted, and whose pods have roles of their own."""

    def __init__(self, scope: Construct, environment: Environment, settings: ClusterSettings, *, network: Network) -> None:
        super().__init__(scope, "cluster", environment, description="EKS control plane, access, system nodes and add-ons")
        names, protection = environment.names, environment.protection
        self.key = key = PlatformKey(self, "Key", purpose="cluster", names=names, protection=protection)
        """For what belongs to the cluster and is in later stacks."""
        logs = PlatformLogGroup(self, "Logs", name=names.cluster_log_group, days=settings.log_days, key=key, protection=protection)
        self.cluster = eks.Cluster(
            self,
            "Cluster",
            cluster_name=names.cluster,
            version=eks.KubernetesVersion.of(settings.version),
            vpc=network.vpc,
            vpc_subnets=[ec2.SubnetSelection(subnets=list(network.private_subnets))],
            endpoint_access=_endpoint(settings),
            service_ipv4_cidr=str(settings.service_cidr),
            secrets_encryption_key=key.key,
            cluster_logging=[_LOG_TYPES[name] for name in settings.log_types],
            # Nodes are a group of ours, whose role China accepts, and Karpenter's.
            default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
            default_capacity=0,
            bootstrap_self_managed_addons=False,
            bootstrap_cluster_creator_admin_permissions=False,
            kubectl_provider_options=eks.KubectlProviderOptions(
                kubectl_layer=_KUBECTL_LAYERS[environment.versions.kubectl_layer](self, "KubectlLayer")
            ),
        )
        _finish(self.cluster, logs, protection)
        self.issuer = TokenIssuer(
            provider_arn=self.cluster.open_id_connect_provider.open_id_connect_provider_arn,
            host=Fn.select(1, Fn.split("https://", self.cluster.cluster_open_id_connect_issuer_url)),
        )
        """For the roles of pods in later stacks."""
        for number, principal in enumerate(settings.administrators, start=1):
            self.cluster.grant_cluster_admin(f"Administrator{number}", principal)

        addons = Addons(
            self,
            "Addons",
            cluster=self.cluster,
            issuer=self.issuer,
            names=names,
            versions={**environment.versions.addons, **settings.addons.versions},
            pod_subnets={str(subnet.availability_zone): subnet.ref for subnet in network.pod_subnets},
        )
        self.node_role = NodeRole(
            self, "NodeRole", role_name=names.role("nodes"), place=environment.place, description="System nodes of the cluster"
        ).role
        nodes = SystemNodeGroup(
            self,
            "SystemNodes",
            cluster=self.cluster,
            version=settings.version,
            settings=settings.system_nodes,
            role=self.node_role,
            subnets=network.private_subnets,
            security_groups=[self.cluster.cluster_security_group, network.database_clients],
            tags={**environment.tags, "Name": f"{names.cluster}-system"},
        )
        nodes.node.add_dependency(*addons.networking)
        after = addons.after(
            nodes,
            efs=settings.addons.efs_csi,
            pod_identity=settings.addons.pod_identity_agent,
            metrics=environment.place.offers(Feature.METRICS_SERVER_ADDON),
        )
        self.ready = DependencyGroup(nodes, *after)
        """What pods of later stacks wait for: nodes, names and volumes."""


def _finish(cluster: eks.Cluster, logs: PlatformLogGroup, protection: Protection) -> None:
    """Say what the construct has no arguments for."""
    resource = cast("eks.CfnCluster", cluster.node.default_child)
    resource.deletion_protection = protection.cluster
    # EKS makes the log group itself, to be kept for ever, where it finds none.
    resource.node.add_dependency(logs)
    # Lambda's logs would outlive every environment.
    RemovalPolicies.of(cluster).apply(protection.removal, apply_to_resource_types=["AWS::Logs::LogGroup"])


def _endpoint(settings: ClusterSettings) -> eks.EndpointAccess:
    if settings.endpoint_access == "private":
        return eks.EndpointAccess.PRIVATE
    return eks.EndpointAccess.PUBLIC_AND_PRIVATE.only_from(*map(str, settings.public_access_cidrs))
