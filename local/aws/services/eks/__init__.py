"""EKS: what moto has of it, made strict, and what moto lacks: add-ons, access entries, pod identity, updates.

A real control plane takes the place of made-up values by `use`.
"""

from moto.eks import urls
from moto.eks.models import eks_backends

from mlplatform.local.aws.services.eks.clusters import Clusters
from mlplatform.local.aws.services.eks.control_plane import Access, ClusterIdentity, ControlPlane, NodeGroupState
from mlplatform.local.aws.services.eks.models import AccessEntry
from mlplatform.local.aws.services.eks.responses import Responses
from mlplatform.local.aws.services.eks.tags import EKS
from mlplatform.local.aws.services.extension import extend

__all__ = ["Access", "AccessEntry", "ClusterIdentity", "ControlPlane", "NodeGroupState", "addons", "entries", "entry", "install", "use"]

_PATHS = (
    "{0}/access-policies$",
    "{0}/addons/(?P<rest>.+)$",
    "{0}/clusters/(?P<name>[^/]+)/access-entries$",
    "{0}/clusters/(?P<name>[^/]+)/access-entries/(?P<rest>.+)$",
    "{0}/clusters/(?P<name>[^/]+)/addons$",
    "{0}/clusters/(?P<name>[^/]+)/addons/(?P<rest>.+)$",
    "{0}/clusters/(?P<name>[^/]+)/encryption-config/associate$",
    "{0}/clusters/(?P<name>[^/]+)/node-groups/(?P<nodegroupName>[^/]+)/update-version$",
    "{0}/clusters/(?P<name>[^/]+)/pod-identity-associations$",
    "{0}/clusters/(?P<name>[^/]+)/pod-identity-associations/(?P<rest>.+)$",
    "{0}/clusters/(?P<name>[^/]+)/updates$",
    "{0}/clusters/(?P<name>[^/]+)/updates/(?P<rest>.+)$",
)


def use(control_plane: ControlPlane) -> None:
    """Let this stand behind every cluster that is made from now on."""
    Clusters.control_plane = control_plane


def entry(cluster: ClusterIdentity, principal_arn: str) -> AccessEntry | None:
    """Return how a principal may sign in to a cluster, or None: then it may not."""
    return next((known for known in entries(cluster) if known.principal_arn == principal_arn), None)


def entries(cluster: ClusterIdentity) -> list[AccessEntry]:
    """Return everyone who may sign in to a cluster now."""
    return list(getattr(_known(cluster), "access_entries", {}).values())


def addons(cluster: ClusterIdentity) -> list[str]:
    """Return the names of the add-ons that a cluster has now."""
    return list(getattr(_known(cluster), "addons", {}))


def install() -> None:
    """Put this EKS in the place of moto's."""
    extend(eks_backends, EKS, urls, Responses, dict.fromkeys(_PATHS, "dispatch"))


def _known(cluster: ClusterIdentity) -> object:
    return eks_backends[cluster.account][cluster.region].clusters.get(cluster.name)
