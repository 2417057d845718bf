"""The IAM role of nodes.

Separate because CDK's own trusts a principal that EKS in China refuses.
"""

from aws_cdk import aws_iam as iam
from constructs import Construct

from mlplatform.config.regions import Region

# Pods' own permissions come from their roles; the CNI has one too.
_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")
"""Join the cluster, pull images, and be reached through Session Manager, which is how people reach a private API server."""


class NodeRole(Construct):
    """What a node itself may do, whichever pods run on it."""

    def __init__(self, scope: Construct, id: str, *, role_name: str, place: Region, description: str) -> None:
        super().__init__(scope, id)
        # iam.ServicePrincipal("ec2.amazonaws.com.cn") is rewritten to ec2.amazonaws.com: https://github.com/aws/aws-cdk/issues/24696
        principals = map(iam.ServicePrincipal.from_static_service_principle_name, place.partition.node_principals)
        nodes = iam.CompositePrincipal(*principals)  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
        self.role = iam.Role(
            self,
            "Role",
            role_name=role_name,
            description=description,
            assumed_by=nodes,  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(policy) for policy in _POLICIES],
        )
