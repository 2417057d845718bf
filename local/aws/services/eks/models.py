"""What an EKS cluster is made of, in the attributes that moto's serializer turns into the API's answers.

Separate from the operations so that a field is in one place.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.eks.models import Cluster as MotoCluster
from moto.eks.models import Nodegroup as MotoNodegroup

from mlplatform.local.aws.services.eks.control_plane import ClusterIdentity, NodeGroupState

ACTIVE = "ACTIVE"


def identifier() -> str:
    """Return an id as EKS puts at the end of ARNs."""
    return str(uuid.uuid4())


@dataclass
class Update:
    """One change of a cluster, a node group or an add-on, as DescribeUpdate shows it."""

    type: str
    params: list[dict[str, str]]
    id: str = field(default_factory=identifier)
    status: str = "Successful"
    created_at: datetime = field(default_factory=utcnow)
    errors: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@dataclass
class Addon:
    """An add-on of a cluster."""

    cluster_name: str
    addon_name: str
    addon_version: str
    addon_arn: str
    tags: dict[str, str]
    service_account_role_arn: str | None = None
    configuration_values: str | None = None
    pod_identity_associations: list[str] = field(default_factory=list[str])
    namespace_config: dict[str, str] | None = None
    status: str = ACTIVE
    health: dict[str, Any] = field(default_factory=lambda: {"issues": []})
    publisher: str = "eks"
    owner: str = "aws"
    created_at: datetime = field(default_factory=utcnow)
    modified_at: datetime = field(default_factory=utcnow)


@dataclass
class AccessEntry:
    """A principal that may sign in to a cluster."""

    cluster_name: str
    principal_arn: str
    access_entry_arn: str
    username: str
    type: str
    kubernetes_groups: list[str]
    tags: dict[str, str]
    policies: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Associated access policies by ARN."""
    created_at: datetime = field(default_factory=utcnow)
    modified_at: datetime = field(default_factory=utcnow)


@dataclass
class PodIdentityAssociation:
    """A role that EKS Pod Identity gives to a service account."""

    cluster_name: str
    namespace: str
    service_account: str
    role_arn: str
    association_id: str
    association_arn: str
    tags: dict[str, str]
    owner_arn: str | None = None
    disable_session_tags: bool | None = None
    target_role_arn: str | None = None
    created_at: datetime = field(default_factory=utcnow)
    modified_at: datetime = field(default_factory=utcnow)


class NodeGroup(MotoNodegroup):
    """A managed node group, with the fields that moto's request does not read."""

    # Empty in EKS's answers where moto makes something up.
    disk_size: Any
    instance_types: Any
    remote_access: Any
    resources: Any

    # The serializer finds `nodegroupName` and `nodegroupArn` by the class's name in moto, not by ours.
    @property
    def nodegroup_arn(self) -> str:
        """The group's ARN by the API's name."""
        return self.arn

    def state(self, cluster: ClusterIdentity, desired: int) -> NodeGroupState:
        """Return what a control plane must know of the group."""
        return NodeGroupState(
            cluster=cluster,
            name=self.nodegroup_name,
            arn=self.arn,
            desired=desired,
            instance_types=tuple(self.instance_types or ()),
            subnets=tuple(self.subnets),
            node_role=self.node_role,
            ami_type=self.ami_type,
            capacity_type=self.capacity_type,
            version=self.version,
            labels=dict(self.labels),
            taints=tuple(self.taints),
            launch_template=self.launch_template,
        )


class Cluster(MotoCluster):
    """A cluster, with all that EKS keeps and moto does not."""

    def __init__(self, account: str, region: str, partition: str, **arguments: Any) -> None:
        super().__init__(account_id=account, region_name=region, aws_partition=partition, **arguments)
        self._where = (account, region, partition)
        self.access_config: dict[str, Any] = {}
        self.upgrade_policy: dict[str, Any] = {"supportType": "EXTENDED"}
        self.zonal_shift_config: dict[str, Any] = {"enabled": False}
        self.compute_config: dict[str, Any] | None = None
        self.storage_config: dict[str, Any] | None = None
        self.control_plane_scaling_config: dict[str, Any] | None = None
        self.deletion_protection = False
        self.bootstrap_self_managed_addons = True
        self.health: dict[str, Any] = {"issues": []}
        self.security_group = ""
        self.addons: dict[str, Addon] = {}
        self.access_entries: dict[str, AccessEntry] = {}
        self.associations: dict[str, PodIdentityAssociation] = {}
        self.updates: dict[str, Update] = {}

    @property
    def identity_of(self) -> ClusterIdentity:
        """Which cluster this is."""
        account, region, partition = self._where
        return ClusterIdentity(
            account=account,
            region=region,
            partition=partition,
            name=self.name,
            arn=self.arn,
            version=self.version,
            service_cidr=self.kubernetes_network_config["serviceIpv4Cidr"],
        )
