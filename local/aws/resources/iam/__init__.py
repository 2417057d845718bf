"""The CloudFormation types of IAM.

Separate modules because a role, a policy and an identity provider have nothing in common but the service.
"""

from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.resources.iam.identity import InstanceProfile, OIDCProvider, ServiceLinkedRole
from mlplatform.local.aws.resources.iam.policy import ManagedPolicy, Policy
from mlplatform.local.aws.resources.iam.role import Role

RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::IAM::InstanceProfile": InstanceProfile(),
    "AWS::IAM::ManagedPolicy": ManagedPolicy(),
    "AWS::IAM::OIDCProvider": OIDCProvider(),
    "AWS::IAM::Policy": Policy(),
    "AWS::IAM::Role": Role(),
    "AWS::IAM::ServiceLinkedRole": ServiceLinkedRole(),
}
