"""What Karpenter needs of AWS: the controller's role, the nodes' role and access, and word of what EC2 is about to take back.

Separate from its release because it comes first and stays when the release goes: nodes are launched and ended with these rights.
"""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from mlplatform.config.names import Names
from mlplatform.constructs.karpenter_policy import ControllerPolicy
from mlplatform.constructs.node_role import NodeRole
from mlplatform.constructs.pod_role import PodRole, ServiceAccounts, TokenIssuer
from mlplatform.manifests.compute.karpenter import CONTROLLER_ROLE, NAMESPACE, NODE_ROLE, SERVICE_ACCOUNT

EVENTS = {
    "ScheduledChange": ("aws.health", "AWS Health Event"),
    "SpotInterruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "Rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "InstanceStateChange": ("aws.ec2", "EC2 Instance State-change Notification"),
    "CapacityReservationInterruption": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
}
"""Source and kind of what the controller listens to: https://karpenter.sh/docs/reference/cloudformation/#interruption-handling"""


class Karpenter(Construct):
    """Roles, access entry, queue and rules of one cluster's Karpenter; every name is the environment's own."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: eks.ICluster,
        issuer: TokenIssuer,
        names: Names,
        kms_keys: Sequence[str] = (),
        with_profile: bool = False,
    ) -> None:
        """Make them.

        Args:
            scope: The stack that the release is installed by.
            id: `Karpenter`, which the exceptions for its permissions are written for.
            cluster: The cluster that nodes join.
            issuer: Who signs its tokens.
            names: The environment's.
            kms_keys: ARNs of the keys that pools' disks are encrypted with, where they name one.
            with_profile: Make the nodes' instance profile too, which Karpenter cannot where IAM is out of reach.
        """
        super().__init__(scope, id)
        self.node_role = NodeRole(
            self, "NodeRole", role_name=names.role(NODE_ROLE), place=names.place, description="Nodes that Karpenter launches"
        ).role
        # A node's name in the cluster comes from its role's entry; nobody makes one for nodes outside a managed group.
        self.access = eks.CfnAccessEntry(
            self, "NodeAccess", cluster_name=cluster.cluster_name, principal_arn=self.node_role.role_arn, type="EC2_LINUX"
        )
        if with_profile:
            iam.CfnInstanceProfile(self, "NodeProfile", instance_profile_name=names.role(NODE_ROLE), roles=[self.node_role.role_name])
        self.queue = self._interruptions(names)
        policy = ControllerPolicy(names, node_role_arn=self.node_role.role_arn, queue_arn=self.queue.queue_arn, kms_keys=kms_keys)
        self.controller_role = PodRole(
            self,
            "ControllerRole",
            role_name=names.role(CONTROLLER_ROLE),
            issuer=issuer,
            service_accounts=ServiceAccounts(NAMESPACE, (SERVICE_ACCOUNT,)),
            statements=policy.statements(),
        )

    def _interruptions(self, names: Names) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "Interruptions",
            queue_name=names.interruption_queue,
            # An older warning is about an instance that is gone.
            retention_period=Duration.minutes(5),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            removal_policy=RemovalPolicy.DESTROY,
        )
        rules = [self._rule(name, source, kind, queue) for name, (source, kind) in EVENTS.items()]
        # Upstream lets every rule of every account send; what is not from these rules would only cost the controller a look.
        events_service = iam.ServicePrincipal(names.place.partition.principal("events"))
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowOwnRules",
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                principals=[events_service],  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
                conditions={"ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in rules]}},
            )
        )
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="DenyHTTP",
                effect=iam.Effect.DENY,
                actions=["sqs:*"],
                resources=[queue.queue_arn],
                principals=[iam.AnyPrincipal()],  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            )
        )
        return queue

    def _rule(self, id: str, source: str, kind: str, queue: sqs.Queue) -> events.CfnRule:
        return events.CfnRule(
            self,
            id,
            description=f"Tells Karpenter: {kind}",
            event_pattern={"source": [source], "detail-type": [kind]},
            targets=[events.CfnRule.TargetProperty(id="KarpenterInterruptionQueueTarget", arn=queue.queue_arn)],
        )
