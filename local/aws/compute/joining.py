"""Which clusters instances can join, and what happens when one does, or ends.

Separate so that EC2 here needs to know no Kubernetes: a cluster is whoever attached itself under its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociation
from moto.ec2.models.instances import Instance

from mlplatform.local.aws.compute.nodes import node_config, node_of


class Nodes(Protocol):
    """A cluster, as far as its nodes come and go."""

    @property
    def kubernetes(self) -> str:
        """The version that its kubelets have, `v1.36.3`."""
        ...

    def admits(self, role_arn: str) -> bool:
        """Say whether instances of that role may register, which on EKS takes an access entry of type EC2_LINUX."""
        ...

    def add(self, node: Mapping[str, Any]) -> None:
        """Register a Node, given as its API object."""
        ...

    def remove(self, name: str) -> None:
        """Remove a Node whose instance is gone, as the cloud's controller does; one that is gone already is fine."""
        ...


@dataclass(frozen=True)
class _Place:
    account: str
    region: str
    cluster: str


_lock = Lock()
_clusters: dict[_Place, Nodes] = {}
_joined: dict[str, tuple[Nodes, str]] = {}


def attach(account: str, region: str, cluster: str, nodes: Nodes) -> None:
    """Let instances whose user data names the cluster become its nodes."""
    with _lock:
        _clusters[_Place(account, region, cluster)] = nodes


def detach(account: str, region: str, cluster: str) -> None:
    """Let no more instances join the cluster, and forget those that did; one that is not attached is fine."""
    with _lock:
        nodes = _clusters.pop(_Place(account, region, cluster), None)
        for instance_id in [key for key, (joined, _) in _joined.items() if joined is nodes]:
            del _joined[instance_id]


def join(instance: Instance) -> None:
    """Let a running instance register with the cluster that its user data names, if that is here and admits its role."""
    config = node_config(str(instance.user_data)) if instance.user_data else None
    if config is None:
        return
    nodes = _clusters.get(_Place(instance.owner_id, instance.region_name, config.cluster))
    role = _role(instance)
    if nodes is None or role is None or not nodes.admits(role):
        return
    node = node_of(instance, config, instance.ec2_backend.zone_id(instance), nodes.kubernetes)
    with _lock:
        _joined[instance.id] = (nodes, node["metadata"]["name"])
    nodes.add(node)


def leave(instance: Instance) -> None:
    """Remove the Node of an instance that ended."""
    with _lock:
        joined = _joined.pop(instance.id, None)
    if joined:
        nodes, name = joined
        nodes.remove(name)


def _role(instance: Instance) -> str | None:
    association: IamInstanceProfileAssociation | None = instance.ec2_backend.iam_instance_profile_associations.get(instance.id)
    roles = association.iam_instance_profile.roles if association else []
    return roles[0].arn if roles else None
