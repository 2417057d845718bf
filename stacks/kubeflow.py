"""The kubeflow stack: the way in, sign-in, Kubeflow's components and the tenants.

Separate from compute because it changes with every tenant, and pools must not wait for it.
"""

from collections.abc import Sequence

from constructs import Construct, DependencyGroup, IDependable

from mlplatform.config.sections import SignInSettings
from mlplatform.constructs.load_balancer_controller import LoadBalancerController
from mlplatform.constructs.releases import Releases
from mlplatform.constructs.sign_in_secrets import SignInSecrets
from mlplatform.constructs.tenant_role import TenantRole
from mlplatform.manifests import Release
from mlplatform.manifests.entrance import load_balancer_controller
from mlplatform.manifests.sign_in.gateway_policies import TOKEN_ISSUER
from mlplatform.stacks.cluster import Cluster
from mlplatform.stacks.compute import Compute
from mlplatform.stacks.data import Data
from mlplatform.stacks.environment import Environment, EnvironmentStack


class Kubeflow(EnvironmentStack):
    """Roles and secrets first, then every release in its wave."""

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        *,
        cluster: Cluster,
        compute: Compute,
        data: Data,
        sign_in: SignInSettings | None,
        tenants: Sequence[str],
        releases: Sequence[Release],
    ) -> None:
        super().__init__(scope, "kubeflow", environment, description="The way in, sign-in, Kubeflow's components and the tenants")
        self.add_stack_dependency(compute, reason="pods of tenants wait for pools")
        roles = Construct(self, "Tenants")
        for tenant in tenants:
            TenantRole(roles, tenant, names=environment.names, tenant=tenant, issuer=cluster.issuer, key_arn=data.key.key_arn)
        before: list[IDependable] = [cluster.ready, roles]
        if sign_in:
            made = SignInSecrets(self, "SignIn", names=environment.names, sign_in=sign_in, key=cluster.key.key, issuer=cluster.issuer)
            before.append(made)
        vpc_id = cluster.cluster.vpc.vpc_id
        if any(release.name == load_balancer_controller.NAME for release in releases):
            before.append(LoadBalancerController(self, "Balancers", names=environment.names, issuer=cluster.issuer, vpc_id=vpc_id))
        late = {TOKEN_ISSUER: f"https://{cluster.issuer.host}", load_balancer_controller.VPC_ID: vpc_id}
        Releases(self, "Releases", cluster=cluster.cluster, releases=releases, late=late, after=DependencyGroup(*before))
