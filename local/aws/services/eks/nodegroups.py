"""Managed node groups: checked as EKS checks them, with nodes made by what stands behind the cluster.

Separate from clusters because a group changes by rules of its own: labels and taints by difference, versions by update.
"""

import threading
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.eks.exceptions import ResourceInUseException, ResourceNotFoundException
from moto.eks.models import NODEGROUP_EXISTS_MSG, NODEGROUP_NOT_FOUND_MSG, validate_launch_template_combination

from mlplatform.local.aws.services.eks import checks
from mlplatform.local.aws.services.eks.clusters import Clusters
from mlplatform.local.aws.services.eks.models import ACTIVE, Cluster, NodeGroup, Update

_AMI = "AL2023_x86_64_STANDARD"
_SCALING = {"minSize": 1, "maxSize": 2, "desiredSize": 2}
_DISK = 20
_RELEASE = "20261101"
_CHANGES = ("labels", "taints", "scaling_config", "update_config", "node_repair_config")


class NodeGroups(Clusters):
    """One region's node groups."""

    def create_nodegroup(  # type: ignore[override] # pyright: ignore[reportIncompatibleMethodOverride]
        self, cluster_name: str, node_role: str, nodegroup_name: str, subnets: list[str], **arguments: Any
    ) -> NodeGroup:
        """Create a node group; it is CREATING until its nodes are there.

        https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
        """
        cluster = self.active(cluster_name)
        if nodegroup_name in cluster.nodegroups:
            message = NODEGROUP_EXISTS_MSG.format(nodegroupName=nodegroup_name, clusterName=cluster_name)
            raise ResourceInUseException(clusterName=cluster_name, nodegroupName=nodegroup_name, addonName=None, message=message)
        checks.check_node_role(self.account_id, self.partition, node_role)
        checks.check_subnets(self.account_id, self.region_name, subnets, zones=1)
        template = arguments.get("launch_template")
        if template:
            validate_launch_template_combination(arguments.get("disk_size"), arguments.get("remote_access"))
            self._check_template(template)
        version = arguments.get("version") or cluster.version
        group = NodeGroup(
            account_id=self.account_id,
            region_name=self.region_name,
            aws_partition=self.partition,
            cluster_name=cluster_name,
            node_role=node_role,
            nodegroup_name=nodegroup_name,
            subnets=subnets,
            scaling_config={**_SCALING, **(arguments.get("scaling_config") or {})},
            disk_size=None if template else arguments.get("disk_size") or _DISK,
            ami_type=arguments.get("ami_type") or _AMI,
            version=version,
            release_version=arguments.get("release_version") or f"{version}.0-{_RELEASE}",
            **{name: arguments.get(name) for name in ("instance_types", "labels", "taints", "tags", "launch_template", "capacity_type")},
            update_config=arguments.get("update_config") or {"maxUnavailable": 1},
            node_repair_config=arguments.get("node_repair_config") or {"enabled": False},
        )
        _tidy(group, arguments)
        cluster.nodegroups[nodegroup_name] = group
        cluster.nodegroup_count += 1
        self.admit_nodes(cluster, node_role)
        self._scale(cluster, group, "CREATING")
        return group

    def describe_nodegroup(self, cluster_name: str, nodegroup_name: str) -> NodeGroup:
        """Return a node group."""
        return self._group(cluster_name, nodegroup_name)[1]

    def delete_nodegroup(self, cluster_name: str, nodegroup_name: str) -> NodeGroup:
        """Remove a node group with its nodes."""
        cluster, group = self._group(cluster_name, nodegroup_name)
        group.status = "DELETING"
        self.control_plane.scale(group.state(cluster.identity_of, 0))
        super().delete_nodegroup(cluster_name, nodegroup_name)
        return group

    def update_nodegroup_config(self, cluster_name: str, nodegroup_name: str, **arguments: Any) -> Update:  # type: ignore[override] # pyright: ignore[reportIncompatibleMethodOverride]
        """Change a group's size, labels, taints and how it is updated."""
        cluster, group = self._group(cluster_name, nodegroup_name)
        asked = {name: arguments[name] for name in _CHANGES if arguments.get(name) is not None}
        super().update_nodegroup_config(cluster_name, nodegroup_name, **asked)
        self._scale(cluster, group, "UPDATING")
        return self.record(cluster, "ConfigUpdate", asked)

    def update_nodegroup_version(self, cluster_name: str, nodegroup_name: str, **arguments: Any) -> Update:
        """Exchange a group's nodes for those of another version, release or version of its launch template.

        https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupVersion.html
        """
        cluster, group = self._group(cluster_name, nodegroup_name)
        version, template = arguments.get("version"), arguments.get("launch_template")
        if version and int(version.split(".")[1]) > int(cluster.version.split(".")[1]):
            checks.refuse(f"Requested Nodegroup version {version} is higher than the cluster's version {cluster.version}")
        if template:
            self._check_template(template)
            before = group.launch_template or {}
            if any(before.get(key) not in {None, template[key]} for key in ("id", "name") if key in template) or not before:
                checks.refuse("You cannot change the launch template of a node group, only its version")
            group.launch_template = {**before, **template}
        group.version = version or group.version
        group.release_version = arguments.get("release_version") or (f"{version}.0-{_RELEASE}" if version else group.release_version)
        group.modified_at = utcnow()
        self._scale(cluster, group, "UPDATING")
        asked = {name: value for name, value in arguments.items() if value is not None}
        return self.record(cluster, "VersionUpdate", asked)

    def admit_nodes(self, cluster: Cluster, node_role: str) -> None:
        """Let nodes with that role join; what access entries are says how."""
        raise NotImplementedError

    def _group(self, cluster_name: str, name: str) -> tuple[Cluster, NodeGroup]:
        cluster = self.cluster(cluster_name)
        group = cluster.nodegroups.get(name)
        if not isinstance(group, NodeGroup):
            message = NODEGROUP_NOT_FOUND_MSG.format(nodegroupName=name)
            raise ResourceNotFoundException(clusterName=cluster_name, nodegroupName=name, addonName=None, message=message)
        return cluster, group

    def _check_template(self, template: dict[str, str]) -> None:
        ec2 = ec2_backends[self.account_id][self.region_name]
        which = {"template_ids": [template["id"]]} if "id" in template else {"template_names": [template["name"]]}
        try:
            found = ec2.describe_launch_templates(**which)
        except ServiceException:
            found = []
        if not found:
            checks.refuse(f"Launch template {template.get('id') or template.get('name')} does not exist")
        version = template.get("version")
        if version and version not in {"$Default", "$Latest"} and version not in {str(known.number) for known in found[0].versions}:
            checks.refuse(f"Launch template version {version} of {found[0].id} does not exist")

    def _scale(self, cluster: Cluster, group: NodeGroup, status: str) -> None:
        group.status = status
        _aside(group, lambda: self.control_plane.scale(group.state(cluster.identity_of, group.scaling_config["desiredSize"])), status)


def _aside(group: NodeGroup, work: Callable[[], None], status: str) -> None:
    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever stopped it becomes the group's health, which DescribeNodegroup shows
            group.health = {"issues": [{"code": "NodeCreationFailure", "message": str(error), "resourceIds": []}]}
            group.status = "CREATE_FAILED" if status == "CREATING" else "DEGRADED"
        else:
            group.health = {"issues": []}
            group.status = ACTIVE

    threading.Thread(target=run, name=f"eks-{group.nodegroup_name}", daemon=True).start()


def _tidy(group: NodeGroup, arguments: dict[str, Any]) -> None:
    """Take away what moto makes up and EKS leaves empty."""
    group.remote_access = arguments.get("remote_access")
    group.resources = {"autoScalingGroups": [{"name": f"eks-{group.nodegroup_name}-{group.uuid}"}]}
    if group.launch_template:
        # The template says both, and EKS repeats neither.
        group.disk_size = None
        group.instance_types = arguments.get("instance_types")
