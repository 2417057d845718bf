"""The role of the AWS Load Balancer Controller.

Separate from its release because it comes first and stays when the release goes: balancers are taken away with these rights.
"""

from constructs import Construct

from mlplatform.config.names import Names
from mlplatform.constructs.load_balancer_policy import ControllerPolicy
from mlplatform.constructs.pod_role import PodRole, ServiceAccounts, TokenIssuer
from mlplatform.manifests.entrance.load_balancer_controller import NAME, ROLE
from mlplatform.manifests.namespaces import SYSTEM


class LoadBalancerController(Construct):
    """What makes network load balancers for one cluster, in its VPC, and touches no other."""

    def __init__(self, scope: Construct, id: str, *, names: Names, issuer: TokenIssuer, vpc_id: str) -> None:
        super().__init__(scope, id)
        self.role = PodRole(
            self,
            "Role",
            role_name=names.role(ROLE),
            issuer=issuer,
            service_accounts=ServiceAccounts(SYSTEM, (NAME,)),
            statements=ControllerPolicy(names, vpc_id=vpc_id).statements(),
        )
