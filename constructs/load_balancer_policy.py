"""What the AWS Load Balancer Controller may do: upstream's policy, of which what network load balancers need, for this cluster's alone.

Separate because it is compared with upstream's at every upgrade: https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.2.2/docs/install/iam_policy.json .
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_iam as iam

from mlplatform.config.names import Names

_CLUSTER = "elbv2.k8s.aws/cluster"
"""The tag that the controller gives all that it makes, with the cluster's name."""
_SEEN_NETWORK = "AvailabilityZones Instances NetworkInterfaces RouteTables SecurityGroups Subnets Vpcs"
_SEEN_BALANCERS = """
CapacityReservation ListenerAttributes ListenerCertificates Listeners LoadBalancerAttributes LoadBalancers Tags TargetGroupAttributes
TargetGroups TargetHealth
"""

Condition = Mapping[str, Mapping[str, Any]]


class ControllerPolicy:
    """The statements for one cluster's controller.

    Upstream asks whether a thing has the cluster's tag; here it must have it with the cluster's name, so that two clusters of an account
    leave each other's balancers alone.
    """

    def __init__(self, names: Names, *, vpc_id: str) -> None:
        """Prepare the statements.

        Args:
            names: Those of the environment.
            vpc_id: The VPC that balancers are in.
        """
        self._region, self._vpc_id = names.place.name, vpc_id
        self._here = {"StringEquals": {"aws:RequestedRegion": self._region}}
        self._asked = {f"aws:RequestTag/{_CLUSTER}": names.cluster}
        self._own = {f"aws:ResourceTag/{_CLUSTER}": names.cluster}
        # The group that EKS made for the cluster, which its nodes wear.
        self._of_nodes = {f"aws:ResourceTag/kubernetes.io/cluster/{names.cluster}": "owned"}
        # Whoever may change a thing's tags must not thereby give it another owner.
        self._later = {"StringEquals": self._own, "Null": {f"aws:RequestTag/{_CLUSTER}": "true"}}

    def statements(self) -> list[iam.PolicyStatement]:
        """Return every statement."""
        return [*self._discovery(), *self._groups(), *self._balancers(), *self._tags()]

    def _discovery(self) -> Iterator[iam.PolicyStatement]:
        seen = [f"ec2:Describe{what}" for what in _SEEN_NETWORK.split()]
        seen += [f"elasticloadbalancing:Describe{what}" for what in _SEEN_BALANCERS.split()]
        yield _allow("See", seen, ["*"], self._here)
        role = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/aws-service-role/*/AWSServiceRoleForElasticLoadBalancing"
        by_service = {"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}}
        yield _allow("MakeServicesRole", ["iam:CreateServiceLinkedRole"], [role], by_service)

    def _groups(self) -> Iterator[iam.PolicyStatement]:
        groups, vpc = [self._arn("ec2", "security-group/*")], [self._arn("ec2", f"vpc/{self._vpc_id}")]
        rules = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
        at_creation = {"StringEquals": {**self._asked, "ec2:CreateAction": "CreateSecurityGroup"}}
        yield _allow("MakeGroupsInVpc", ["ec2:CreateSecurityGroup"], vpc)
        yield _allow("MakeOwnGroups", ["ec2:CreateSecurityGroup"], groups, {"StringEquals": self._asked})
        yield _allow("TagGroupsAtCreation", ["ec2:CreateTags"], groups, at_creation)
        yield _allow("TagOwnGroups", ["ec2:CreateTags", "ec2:DeleteTags"], groups, self._later)
        yield _allow("ChangeOwnGroups", [*rules, "ec2:DeleteSecurityGroup"], groups, {"StringEquals": self._own})
        yield _allow("LetBalancersReachNodes", rules, groups, {"StringEquals": self._of_nodes})

    def _balancers(self) -> Iterator[iam.PolicyStatement]:
        own = {"StringEquals": self._own}
        balancers, targets, listeners = (self._elb(kind) for kind in ("loadbalancer/net/*/*", "targetgroup/*/*", "listener/net/*/*/*"))
        makes = _elb_actions("CreateLoadBalancer CreateTargetGroup")
        yield _allow("MakeOwnBalancers", makes, [balancers, targets], {"StringEquals": self._asked})
        changes = """
        CreateListener DeleteLoadBalancer ModifyCapacityReservation ModifyLoadBalancerAttributes SetIpAddressType SetSecurityGroups SetSubnets
        """
        yield _allow("ChangeOwnBalancers", _elb_actions(changes), [balancers], own)
        changes = "DeleteTargetGroup DeregisterTargets ModifyTargetGroup ModifyTargetGroupAttributes RegisterTargets"
        yield _allow("ChangeOwnTargets", _elb_actions(changes), [targets], own)
        changes = "AddListenerCertificates DeleteListener ModifyListener ModifyListenerAttributes RemoveListenerCertificates"
        yield _allow("ChangeOwnListeners", _elb_actions(changes), [listeners], own)

    def _tags(self) -> Iterator[iam.PolicyStatement]:
        made = [self._elb(kind) for kind in ("loadbalancer/net/*/*", "targetgroup/*/*", "listener/net/*/*/*")]
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEKSLoadBalancingPolicy.html names them so.
        creations = ["CreateListener", "CreateLoadBalancer", "CreateTargetGroup"]
        at_creation = {"StringEquals": {**self._asked, "elasticloadbalancing:CreateAction": creations}}
        yield _allow("TagAtCreation", ["elasticloadbalancing:AddTags"], made, at_creation)
        yield _allow("TagOwn", ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"], made, self._later)

    def _elb(self, kind: str) -> str:
        return self._arn("elasticloadbalancing", kind)

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{Aws.PARTITION}:{service}:{self._region}:{Aws.ACCOUNT_ID}:{resource}"


def _elb_actions(names: str) -> list[str]:
    return [f"elasticloadbalancing:{name}" for name in names.split()]


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Condition | None = None) -> iam.PolicyStatement:
    return iam.PolicyStatement(sid=sid, actions=list(actions), resources=list(resources), conditions=conditions)
