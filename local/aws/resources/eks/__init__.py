"""The CloudFormation types of EKS.

Separate modules because a cluster, its nodes, its add-ons and its doors change in ways of their own.
"""

from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.resources.eks.access import AccessEntry, PodIdentityAssociation
from mlplatform.local.aws.resources.eks.addon import Addon
from mlplatform.local.aws.resources.eks.cluster import Cluster
from mlplatform.local.aws.resources.eks.nodegroup import Nodegroup

RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::EKS::AccessEntry": AccessEntry(),
    "AWS::EKS::Addon": Addon(),
    "AWS::EKS::Cluster": Cluster(),
    "AWS::EKS::Nodegroup": Nodegroup(),
    "AWS::EKS::PodIdentityAssociation": PodIdentityAssociation(),
}
