"""The EC2 instances of a managed node group, launched from its template as EKS's Auto Scaling group does.

Separate from the nodes that they become: this part knows EC2 and IAM, and no Kubernetes.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.iam.models import iam_backends

from mlplatform.local.aws.clusters.user_data import user_data
from mlplatform.local.aws.compute.fleet import FleetBackend
from mlplatform.local.aws.compute.images import NodeImage
from mlplatform.local.aws.compute.tables.images import RELEASES
from mlplatform.local.aws.services.eks import NodeGroupState

_DEFAULT_TYPE = "t3.medium"
"""What EKS takes where neither group nor template names a type: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html"""
_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
_CLUSTER, _GROUP, _MADE_FROM = "eks:cluster-name", "eks:nodegroup-name", "local:made-from"


class Recipe(NamedTuple):
    """What a node is made from; a group's nodes are exchanged when it changes."""

    image: str
    template: str
    version: str
    types: tuple[str, ...]


class ManagedInstances:
    """The instances of one node group, as it is to be now."""

    def __init__(self, group: NodeGroupState) -> None:
        self._group, self._cluster = group, group.cluster
        self._ec2 = cast("FleetBackend", ec2_backends[self._cluster.account][self._cluster.region])
        self._iam: Any = iam_backends[self._cluster.account][self._cluster.partition]
        self._template = self._template_version(group.launch_template) if group.launch_template else None
        self._data: Mapping[str, Any] = self._template.data if self._template else {}

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the nodes: the group's own and those that EKS gives."""
        own = {
            "eks.amazonaws.com/nodegroup": self._group.name,
            "eks.amazonaws.com/nodegroup-image": self._recipe.image,
            "eks.amazonaws.com/capacityType": self._group.capacity_type or "ON_DEMAND",
        }
        if self._template:
            own["eks.amazonaws.com/sourceLaunchTemplateId"] = self._template.template.id
            own["eks.amazonaws.com/sourceLaunchTemplateVersion"] = str(self._template.number)
        return {**self._group.labels, **own}

    @property
    def taints(self) -> list[dict[str, str]]:
        """The taints of the nodes, as Kubernetes writes them."""
        return [{**taint, "effect": _EFFECTS[taint["effect"]]} for taint in self._group.taints]

    def running(self) -> list[Instance]:
        """Return the instances that are there or coming, by their names."""
        ours = {_CLUSTER: self._cluster.name, _GROUP: self._group.name}
        alive = [instance for instance in self._ec2.all_instances() if instance.state in {"pending", "running"}]
        found = (instance for instance in alive if ours.items() <= self._ec2.tags.get(instance.id, {}).items())
        return sorted(found, key=lambda instance: instance.private_dns_name)

    def current(self) -> list[Instance]:
        """Return those that are made as nodes are made now."""
        return [instance for instance in self.running() if self._ec2.tags[instance.id].get(_MADE_FROM) == str(self._recipe)]

    def launch(self, count: int) -> None:
        """Launch so many more, each in the zone that has the fewest."""
        profile = self._profile()
        for _ in range(count):
            there = Counter(instance.subnet_id for instance in self.current())
            subnet = min(self._group.subnets, key=lambda candidate: there[candidate])
            reservation = self._ec2.run_instances(
                self._recipe.image,
                1,
                user_data(self._cluster.name, self.labels, self.taints, self._data.get("UserData")),
                [],
                instance_type=self._recipe.types[0],
                subnet_id=subnet,
                launch_template={"LaunchTemplateId": self._template.template.id, "Version": self._template.number}
                if self._template
                else None,
                lifecycle="spot" if self._group.capacity_type == "SPOT" else None,
                security_group_ids=None if self._names_groups() else [self._cluster_group()],
                tags={"instance": self._tags(), "volume": self._tags()},
            )
            for instance in reservation.instances:
                self._ec2.associate_iam_instance_profile(instance_id=instance.id, iam_instance_profile_name=profile)

    def surplus(self, count: int) -> list[Instance]:
        """Return so many to end, from the zones that have the most."""
        left, chosen = self.current(), list[Instance]()
        for _ in range(count):
            there = Counter(instance.subnet_id for instance in left)
            last = max(left, key=lambda instance: there[instance.subnet_id])
            left.remove(last)
            chosen.append(last)
        return chosen

    def terminate(self, instances: list[Instance]) -> None:
        """End instances; it takes EC2 a moment."""
        if instances:
            self._ec2.terminate_instances([instance.id for instance in instances])

    def forget(self) -> None:
        """Remove what EKS made for the group beside its instances."""
        if self._profile_name in self._iam.instance_profiles:
            self._iam.delete_instance_profile(self._profile_name, ignore_attached_roles=True)

    def _template_version(self, named: Mapping[str, str]) -> LaunchTemplateVersion:
        keys = {"LaunchTemplateId": "id", "LaunchTemplateName": "name", "Version": "version"}
        return self._ec2.template_version({key: named.get(ours) for key, ours in keys.items()})

    @property
    def _recipe(self) -> Recipe:
        types = self._group.instance_types or (self._data.get("InstanceType") or _DEFAULT_TYPE,)
        template, version = (self._template.template.id, str(self._template.number)) if self._template else ("", "")
        return Recipe(self._data.get("ImageId") or self._image(), template, version, tuple(types))

    def _image(self) -> str:
        # AL2023_x86_64_STANDARD, AL2023_ARM_64_NVIDIA, ...
        family, _, rest = self._group.ami_type.partition("_")
        architecture, _, variant = rest.rpartition("_")
        if family != "AL2023":
            raise ValueError(f"the local AWS has no image of type {self._group.ami_type}; it has those of AL2023")
        name = NodeImage(self._group.version, "arm64" if architecture == "ARM_64" else architecture, variant.lower(), RELEASES[-1])
        return name.id(self._cluster.region)

    @property
    def _profile_name(self) -> str:
        return f"eks-{self._group.arn.rpartition('/')[2]}"

    def _profile(self) -> str:
        if self._profile_name not in self._iam.instance_profiles:
            role = self._iam.get_role_by_arn(self._group.node_role)
            self._iam.create_instance_profile(self._profile_name, "/", [role.name])
        return self._profile_name

    def _tags(self) -> dict[str, str]:
        name = self._cluster.name
        return {
            _CLUSTER: name,
            _GROUP: self._group.name,
            f"kubernetes.io/cluster/{name}": "owned",
            "aws:eks:cluster-name": name,
            _MADE_FROM: str(self._recipe),
        }

    def _names_groups(self) -> bool:
        interfaces: list[Mapping[str, Any]] = self._data.get("NetworkInterfaces") or []
        return bool(self._data.get("SecurityGroupIds") or any(interface.get("Groups") for interface in interfaces))

    def _cluster_group(self) -> str:
        found = self._ec2.describe_security_groups(filters={"tag:aws:eks:cluster-name": [self._cluster.name]})
        if not found:
            raise ServiceException("InvalidGroup.NotFound", f"The security group of cluster {self._cluster.name} does not exist")
        return str(found[0].id)
