"""Where containers' logs go, and who may write them.

Separate because the log group is there before the first line and outlives every node that wrote to it.
"""

from aws_cdk import aws_iam as iam
from constructs import Construct

from mlplatform.config.names import Names
from mlplatform.constructs.key import PlatformKey
from mlplatform.constructs.log_group import PlatformLogGroup
from mlplatform.constructs.pod_role import PodRole, ServiceAccounts, TokenIssuer
from mlplatform.constructs.protection import Protection
from mlplatform.manifests.compute.log_agent import ROLE
from mlplatform.manifests.namespaces import NODE_AGENTS


class ContainerLogs(Construct):
    """A log group of every container's lines, and the role of the agents that write them."""

    def __init__(
        self, scope: Construct, id: str, *, names: Names, issuer: TokenIssuer, days: int, key: PlatformKey, protection: Protection
    ) -> None:
        super().__init__(scope, id)
        group = PlatformLogGroup(self, "Logs", name=names.container_log_group, days=days, key=key, protection=protection).log_group
        # The agent finds the group there; without the right to make groups it makes no other.
        write = iam.PolicyStatement(
            sid="WriteStreams", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[str(group.log_group_arn)]
        )
        PodRole(
            self,
            "AgentRole",
            role_name=names.role(ROLE),
            issuer=issuer,
            service_accounts=ServiceAccounts(NODE_AGENTS, (ROLE,)),
            statements=[write],
        )
