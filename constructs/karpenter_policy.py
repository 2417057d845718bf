"""What Karpenter's controller may do, statement by statement what its documentation grants, by the same ids.

Separate because it is compared with upstream's template at every upgrade, and tells an environment's nodes from everybody else's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_iam as iam

from mlplatform.config.names import Names

_POOL, _CLASS, _REGION = "karpenter.sh/nodepool", "karpenter.k8s.aws/ec2nodeclass", "topology.kubernetes.io/region"
_MADE = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
"""What comes into being when a node is launched."""
_LAUNCH = ("ec2:RunInstances", "ec2:CreateFleet")
_SEEN = """
CapacityReservations Images Instances InstanceStatus InstanceTypeOfferings InstanceTypes LaunchTemplates PlacementGroups SecurityGroups
SpotPriceHistory Subnets
"""
_NODE_PRINCIPALS = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")
"""Both in every partition, as upstream has it: each is asked for in one of them."""

Condition = Mapping[str, Mapping[str, Any]]


class ControllerPolicy:
    """The statements for one cluster's controller.

    https://karpenter.sh/docs/reference/cloudformation/#controllerrole explains them; the cluster's name stands inside condition keys,
    where CloudFormation resolves nothing, and so must be known at synthesis.
    """

    def __init__(self, names: Names, *, node_role_arn: str, queue_arn: str, kms_keys: Sequence[str] = ()) -> None:
        """Prepare the statements.

        Args:
            names: Those of the environment.
            node_role_arn: The one role that its nodes wear.
            queue_arn: The queue that interruptions come by.
            kms_keys: ARNs of the keys of others that disks are encrypted with; none where EBS's own does.
        """
        self._cluster, self._region = names.cluster, names.place.name
        self._node_role, self._queue, self._kms_keys = node_role_arn, queue_arn, kms_keys
        self._owner = f"kubernetes.io/cluster/{names.cluster}"
        self._cluster_arn = self._arn("eks", f"cluster/{names.cluster}")

    def statements(self) -> list[iam.PolicyStatement]:
        """Return every statement, in upstream's order, then ours."""
        return [*self._nodes(), *self._profiles(), *self._cluster_and_queue(), *self._discovery(), *self._keys()]

    def _nodes(self) -> Iterator[iam.PolicyStatement]:
        made, template, instance = self._ec2(*_MADE), self._ec2("launch-template"), self._ec2("instance")
        used = [self._arn("ec2", f"{kind}/*", account="") for kind in ("image", "snapshot")]
        used += self._ec2("security-group", "subnet", "capacity-reservation", "placement-group")
        own = {"StringEquals": {f"aws:ResourceTag/{self._owner}": "owned"}, "StringLike": {f"aws:ResourceTag/{_POOL}": "*"}}
        asked = {
            "StringEquals": {f"aws:RequestTag/{self._owner}": "owned", "aws:RequestTag/eks:eks-cluster-name": self._cluster},
            "StringLike": {f"aws:RequestTag/{_POOL}": "*"},
        }
        at_creation = {"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]}
        later = {
            "StringEqualsIfExists": {"aws:RequestTag/eks:eks-cluster-name": self._cluster},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]},
        }
        yield _allow("AllowScopedEC2InstanceAccessActions", _LAUNCH, used)
        yield _allow("AllowScopedEC2LaunchTemplateAccessActions", _LAUNCH, template, own)
        yield _allow("AllowScopedEC2InstanceActionsWithTags", [*_LAUNCH, "ec2:CreateLaunchTemplate"], made, asked)
        yield _allow(
            "AllowScopedResourceCreationTagging",
            ["ec2:CreateTags"],
            made,
            {**asked, "StringEquals": {**asked["StringEquals"], **at_creation}},
        )
        yield _allow("AllowScopedResourceTagging", ["ec2:CreateTags"], instance, {**own, **later})
        yield _allow("AllowScopedDeletion", ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"], [*instance, *template], own)

    def _profiles(self) -> Iterator[iam.PolicyStatement]:
        profiles = [self._profiles_arn()]
        own = {f"aws:ResourceTag/{self._owner}": "owned", f"aws:ResourceTag/{_REGION}": self._region}
        asked = {
            f"aws:RequestTag/{self._owner}": "owned",
            "aws:RequestTag/eks:eks-cluster-name": self._cluster,
            f"aws:RequestTag/{_REGION}": self._region,
        }
        own_class, asked_class = ({f"aws:{kind}Tag/{_CLASS}": "*"} for kind in ("Resource", "Request"))
        yield _allow(
            "AllowPassingInstanceRole",
            ["iam:PassRole"],
            [self._node_role],
            {"StringEquals": {"iam:PassedToService": list(_NODE_PRINCIPALS)}},
        )
        yield _allow(
            "AllowScopedInstanceProfileCreationActions",
            ["iam:CreateInstanceProfile"],
            profiles,
            {"StringEquals": asked, "StringLike": asked_class},
        )
        yield _allow(
            "AllowScopedInstanceProfileTagActions",
            ["iam:TagInstanceProfile"],
            profiles,
            {"StringEquals": {**own, **asked}, "StringLike": {**own_class, **asked_class}},
        )
        yield _allow(
            "AllowScopedInstanceProfileActions",
            ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
            profiles,
            {"StringEquals": own, "StringLike": own_class},
        )

    def _cluster_and_queue(self) -> Iterator[iam.PolicyStatement]:
        yield _allow("AllowAPIServerEndpointDiscovery", ["eks:DescribeCluster"], [self._cluster_arn])
        yield _allow("AllowInterruptionQueueActions", ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [self._queue])
        yield _allow(
            "AllowZonalShiftStatusReadOnly",
            ["arc-zonal-shift:GetManagedResource"],
            ["*"],
            {"StringEquals": {"arc-zonal-shift:ResourceIdentifier": self._cluster_arn}},
        )

    def _discovery(self) -> Iterator[iam.PolicyStatement]:
        here = {"StringEquals": {"aws:RequestedRegion": self._region}}
        yield _allow("AllowRegionalReadActions", [f"ec2:Describe{what}" for what in _SEEN.split()], ["*"], here)
        yield _allow("AllowSSMReadActions", ["ssm:GetParameter"], [self._arn("ssm", "parameter/aws/service/*", account="")])
        yield _allow("AllowPricingReadActions", ["pricing:GetProducts"], ["*"])
        yield _allow("AllowUnscopedInstanceProfileListAction", ["iam:ListInstanceProfiles"], ["*"])
        yield _allow("AllowInstanceProfileReadActions", ["iam:GetInstanceProfile"], [self._profiles_arn()])

    def _keys(self) -> Iterator[iam.PolicyStatement]:
        """What whoever launches an instance needs of a key that its disks name; upstream's documentation leaves it to the reader.

        https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
        """
        if not self._kms_keys:
            return
        through_ec2 = {"kms:ViaService": f"ec2.{self._region}.{Aws.URL_SUFFIX}"}
        use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
        yield _allow("AllowDiskKeys", use, self._kms_keys, {"StringEquals": through_ec2})
        granted = {"StringEquals": through_ec2, "Bool": {"kms:GrantIsForAWSResource": "true"}}
        yield _allow("AllowDiskKeyGrants", ["kms:CreateGrant"], self._kms_keys, granted)

    def _ec2(self, *kinds: str) -> list[str]:
        return [self._arn("ec2", f"{kind}/*", account="*") for kind in kinds]

    def _profiles_arn(self) -> str:
        return f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:instance-profile/*"

    def _arn(self, service: str, resource: str, account: str = Aws.ACCOUNT_ID) -> str:
        return f"arn:{Aws.PARTITION}:{service}:{self._region}:{account}:{resource}"


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Condition | None = None) -> iam.PolicyStatement:
    return iam.PolicyStatement(sid=sid, actions=list(actions), resources=list(resources), conditions=conditions)
