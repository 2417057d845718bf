"""The compute stack: what makes nodes appear for jobs, and what runs on them.

Separate from the cluster because it changes with every pool and release, and the cluster must not.
"""

from collections.abc import Sequence

from constructs import Construct, DependencyGroup, IDependable

from mlplatform.config.sections import ComputeSettings
from mlplatform.constructs.container_logs import ContainerLogs
from mlplatform.constructs.karpenter import Karpenter
from mlplatform.constructs.releases import Releases
from mlplatform.manifests import Release
from mlplatform.stacks.cluster import Cluster
from mlplatform.stacks.environment import Environment, EnvironmentStack
from mlplatform.stacks.network import Network


class Compute(EnvironmentStack):
    """Karpenter and its rights, then every release: IAM, kinds, controllers, pools, in this order at every upgrade."""

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        settings: ComputeSettings,
        *,
        network: Network,
        cluster: Cluster,
        releases: Sequence[Release],
    ) -> None:
        super().__init__(scope, "compute", environment, description="Karpenter, pools, GPU and node agents, admission policies")
        karpenter = Karpenter(
            self,
            "Karpenter",
            cluster=cluster.cluster,  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            issuer=cluster.issuer,
            names=environment.names,
            kms_keys=sorted({pool.disk.kms_key for pool in settings.pools.values() if pool.disk.kms_key}),
            with_profile=not network.has_way_out,
        )
        before: list[IDependable] = [cluster.ready, karpenter]
        if settings.logs.collected:
            logs = ContainerLogs(
                self,
                "ContainerLogs",
                names=environment.names,
                issuer=cluster.issuer,
                days=settings.logs.days,
                key=cluster.key,
                protection=environment.protection,
            )
            before.append(logs)
        Releases(
            self,
            "Releases",
            cluster=cluster.cluster,
            releases=releases,
            late={},
            # Rights first, and last to go: whoever takes the pools away ends their nodes with them.
            after=DependencyGroup(*before),
        )
