"""The kubeflow stack: the way in, sign-in, Kubeflow's components and the tenants.

Separate from compute because it changes with every tenant, and pools must not wait for it.
"""

from collections.abc import Sequence

from constructs import Construct

from mlplatform.constructs.releases import Releases
from mlplatform.manifests import Release
from mlplatform.stacks.cluster import Cluster
from mlplatform.stacks.compute import Compute
from mlplatform.stacks.environment import Environment, EnvironmentStack


class Kubeflow(EnvironmentStack):
    """Roles and secrets first, then every release in its wave."""

    def __init__(
        self, scope: Construct, environment: Environment, *, cluster: Cluster, compute: Compute, releases: Sequence[Release]
    ) -> None:
        super().__init__(scope, "kubeflow", environment, description="The way in, sign-in, Kubeflow's components and the tenants")
        self.add_dependency(compute, "pods of tenants wait for pools")
        Releases(self, "Releases", cluster=cluster.cluster, releases=releases, late={}, after=cluster.ready)
