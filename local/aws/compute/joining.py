"""Which clusters instances can join, and what happens when one does, or ends.

Separate so that EC2 here needs to know no Kubernetes: a cluster is whoever attached itself under its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple, Protocol

from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociation
from moto.ec2.models.instances import Instance

from mlplatform.local.aws.compute.nodes import joining_node, node_config
from mlplatform.local.cluster.nodes import JoiningNode


class Nodes(Protocol):
    """A cluster's nodes, as far as they come and go; `local.cluster.nodes.Nodes` is one."""

    def add(self, node: JoiningNode) -> object:
        """Let an instance's kubelet register."""
        ...

    def remove(self, name: str) -> None:
        """Remove a node whose instance is gone, as the cloud's controller does; one that is gone already is fine."""
        ...


class _Place(NamedTuple):
    account: str
    region: str
    cluster: str


@dataclass(frozen=True)
class _Attached:
    nodes: Nodes
    admits: Callable[[str], bool]


_lock = Lock()
_clusters: dict[_Place, _Attached] = {}
_joined: dict[str, tuple[Nodes, str]] = {}


def attach(account: str, region: str, cluster: str, nodes: Nodes, admits: Callable[[str], bool]) -> None:
    """Let instances whose user data names the cluster become its nodes.

    Args:
        account: whose cluster and instances they are.
        region: where both are.
        cluster: the cluster's name in EKS.
        nodes: where they are registered.
        admits: says whether instances of a role, given by its ARN, may register; on EKS that takes an access entry of type EC2_LINUX.
    """
    with _lock:
        _clusters[_Place(account, region, cluster)] = _Attached(nodes, admits)


def detach(account: str, region: str, cluster: str) -> None:
    """Let no more instances join the cluster, and forget those that did; one that is not attached is fine."""
    with _lock:
        attached = _clusters.pop(_Place(account, region, cluster), None)
        for instance_id in [key for key, (nodes, _) in _joined.items() if attached and nodes is attached.nodes]:
            del _joined[instance_id]


def join(instance: Instance) -> None:
    """Let a running instance register with the cluster that its user data names, if that is here and admits its role."""
    config = node_config(str(instance.user_data)) if instance.user_data else None
    if config is None:
        return
    attached = _clusters.get(_Place(instance.owner_id, instance.region_name, config.cluster))
    role = _role(instance)
    if attached is None or role is None or not attached.admits(role):
        return
    node = joining_node(instance, config, instance.ec2_backend.zone_id(instance))
    with _lock:
        _joined[instance.id] = (attached.nodes, node.name)
    attached.nodes.add(node)


def leave(instance: Instance) -> None:
    """Remove the node of an instance that ended."""
    with _lock:
        joined = _joined.pop(instance.id, None)
    if joined:
        nodes, name = joined
        nodes.remove(name)


def _role(instance: Instance) -> str | None:
    association: IamInstanceProfileAssociation | None = instance.ec2_backend.iam_instance_profile_associations.get(instance.id)
    roles = association.iam_instance_profile.roles if association else []
    return roles[0].arn if roles else None
