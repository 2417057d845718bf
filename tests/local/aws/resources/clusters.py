"""A cluster in a stack, with nodes and add-ons where a test wants them."""

from typing import Any

from mlplatform.config.versions import MATCHED_SETS
from tests.local.aws.resources.making import Stack

VERSION = max(MATCHED_SETS)
ADDONS = MATCHED_SETS[VERSION].addons


class Platform:
    """A cluster in a stack."""

    def __init__(self, stack: Stack, **properties: Any) -> None:
        self.stack, self.name, self.eks = stack, stack.name, stack.client("eks")
        self.subnets = stack.subnets()
        self.role = stack.role("eks.amazonaws.com", "ClusterRole").attributes["Arn"]
        given = {
            "Name": self.name,
            "RoleArn": self.role,
            "Version": VERSION,
            "ResourcesVpcConfig": {"SubnetIds": self.subnets, "EndpointPrivateAccess": "true", "EndpointPublicAccess": True},
            "AccessConfig": {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False},
        }
        self.made = stack.make("EKS::Cluster", "Cluster", **{**given, **properties})

    @property
    def shown(self) -> dict[str, Any]:
        return self.eks.describe_cluster(name=self.name)["cluster"]

    def nodes(self, **properties: Any) -> dict[str, Any]:
        role = self.stack.role(f"ec2.{self.stack.suffix}", "NodeRole").attributes["Arn"]
        given = {"ClusterName": self.name, "NodegroupName": "system", "NodeRole": role, "Subnets": self.subnets}
        self.stack.make(
            "EKS::Nodegroup", "Nodes", **{**given, "ScalingConfig": {"MinSize": "1", "MaxSize": 3, "DesiredSize": 2}, **properties}
        )
        return self.group

    @property
    def group(self) -> dict[str, Any]:
        return self.eks.describe_nodegroup(clusterName=self.name, nodegroupName="system")["nodegroup"]

    def addon(self, name: str, **properties: Any) -> dict[str, Any]:
        self.stack.make("EKS::Addon", name, ClusterName=self.name, AddonName=name, **properties)
        return self.shown_addon(name)

    def shown_addon(self, name: str) -> dict[str, Any]:
        return self.eks.describe_addon(clusterName=self.name, addonName=name)["addon"]
