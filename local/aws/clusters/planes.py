"""EKS's clusters with real control planes behind them.

Separate from one cluster because they come and go side by side, and all of them end with the local AWS.
"""

import threading
from pathlib import Path

from mlplatform.local.aws.clusters.running import RunningCluster
from mlplatform.local.aws.services import eks
from mlplatform.local.cluster import ownership
from mlplatform.local.cluster.catalogue import APISERVER


class ClusterRefusedError(Exception):
    """What is asked for cannot be run here; the message becomes the reason in EKS and in the stack."""


class Planes:
    """Starts and stops what stands behind the clusters of one local AWS."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        """Prepare; nothing runs yet.

        Args:
            folder: in which each cluster has a folder, by region and name.
            endpoint: of the local AWS.
        """
        self._folder, self._endpoint = folder, endpoint
        self._lock = threading.Lock()
        self._clusters: dict[str, RunningCluster] = {}
        self._closed = False

    def start(self, cluster: eks.ClusterIdentity) -> eks.Access:
        """Start a cluster's control plane and say how it is reached.

        Raises:
            ClusterRefusedError: It is of a version that was not built, or the local AWS is stopping.
        """
        _refuse_version(cluster)
        with self._lock:
            if self._closed:
                raise ClusterRefusedError("the local AWS is stopping")
            made = RunningCluster(cluster, self._folder / cluster.region / cluster.name, self._endpoint)
            self._clusters[cluster.arn] = made
        return made.start()

    def upgrade(self, cluster: eks.ClusterIdentity) -> None:
        """Refuse: one version is built.

        Raises:
            ClusterRefusedError: Always.
        """
        _refuse_version(cluster)

    def stop(self, cluster: eks.ClusterIdentity) -> None:
        """End a cluster; one that never started is fine."""
        with self._lock:
            found = self._clusters.pop(cluster.arn, None)
        if found:
            found.stop()

    def scale(self, group: eks.NodeGroupState) -> None:
        """Bring a node group to what it should be.

        Raises:
            ClusterRefusedError: Its cluster does not run.
        """
        found = self._clusters.get(group.cluster.arn)
        if found is None:
            if not group.desired:
                return
            raise ClusterRefusedError(f"the control plane of {group.cluster.name} does not run")
        found.node_groups.bring(group)

    def running(self) -> list[RunningCluster]:
        """Return the clusters that run, by region and name."""
        with self._lock:
            return sorted(self._clusters.values(), key=lambda cluster: cluster.identity.arn)

    def find(self, region: str, name: str) -> RunningCluster | None:
        """Return a cluster that runs."""
        return next((found for found in self.running() if (found.identity.region, found.identity.name) == (region, name)), None)

    def mark(self, region: str, name: str) -> dict[str, str]:
        """Return the variable by which what acts on a cluster ends with it, even if this process is killed."""
        found = self.find(region, name)
        return {ownership.MARK: found.plane.id} if found else {}

    def close(self) -> None:
        """End every cluster, and start no more."""
        with self._lock:
            self._closed = True
            left, self._clusters = self._clusters, {}
        for cluster in left.values():
            cluster.stop()


def _refuse_version(cluster: eks.ClusterIdentity) -> None:
    built = ".".join(APISERVER.version.split(".")[:2])
    if cluster.version != built:
        raise ClusterRefusedError(
            f"the local cluster runs Kubernetes {built}, not {cluster.version}; set that version or leave the cluster out"
        )
