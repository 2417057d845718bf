"""The releases of a stack, each installed when what it needs is there.

Separate because the order is a matter of waves, and one release knows nothing of the others.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from aws_cdk import aws_eks_v2 as eks
from constructs import Construct, IDependable

from mlplatform.constructs.release import HelmRelease
from mlplatform.manifests import Release


class Releases(Construct):
    """Releases side by side within a wave, and each wave after the one before; removed the other way round."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: eks.Cluster,
        releases: Sequence[Release],
        late: Mapping[str, str],
        after: IDependable,
    ) -> None:
        """Install releases.

        Args:
            scope: The stack.
            id: The construct's id.
            cluster: A cluster with a kubectl provider.
            releases: In the order of their waves.
            late: Values that only the deployment knows, by name.
            after: What the first wave waits for.
        """
        super().__init__(scope, id)
        self.by_name: dict[str, HelmRelease] = {}
        """Each release, for what else must come before it."""
        before: list[IDependable] = [after]
        for _, wave in groupby(releases, key=lambda release: release.wave):
            made = [HelmRelease(self, _id(release.name), cluster=cluster, release=release, late=late) for release in wave]
            for release in made:
                release.node.add_dependency(*before)
            before = list(made)
            self.by_name |= {release.node.id: release for release in made}


def _id(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
