"""Launches as their launch template asks: network, role, disks, metadata, tags; moto drops most of it.

Separate from fleets because an instance must agree with its template however it was launched: Karpenter replaces one that does not.
"""

import copy
from collections.abc import Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance, Reservation
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.utils import convert_tag_spec, filter_iam_instance_profiles, random_spot_request_id
from moto.iam.exceptions import NotFoundException

from mlplatform.local.aws.compute.tables.images import ROOT_DEVICE, ROOT_GIB


class LaunchBackend(EC2Backend):
    """An EC2 whose instances are what their launch templates say."""

    def run_instances(self, image_id: str, count: int, user_data: Any, security_group_names: list[str], **kwargs: Any) -> Reservation:
        """Launch instances; what the request leaves open comes from its launch template."""
        # Without a region moto names instances as in us-east-1, `.ec2.internal`.
        kwargs.setdefault("region_name", self.region_name)
        kwargs.setdefault("is_instance_type_default", False)
        version = self.template_version(kwargs["launch_template"]) if kwargs.get("launch_template") else None
        data: Mapping[str, Any] = version.data if version else {}
        image_id = image_id or data.get("ImageId", "")
        profile = None if _names_profile(kwargs) else data.get("IamInstanceProfile")
        if profile:
            # Before anything is launched: EC2 refuses a profile that does not exist.
            self._check_profile(profile)
        kwargs |= _network(kwargs, data) | _machine(kwargs, data)
        if not kwargs.get("block_device_mappings"):
            kwargs["block_device_mappings"] = self._disks(image_id, data)
        kwargs["tags"] = _tags(data, kwargs.get("tags") or {})
        reservation = super().run_instances(image_id, count, user_data, security_group_names, **kwargs)
        for instance in reservation.instances:
            self._finish(instance, kwargs, profile)
            instance.placement.tenancy = data.get("Placement", {}).get("Tenancy") or instance.placement.tenancy
        return reservation

    def template_version(self, wanted: Mapping[str, Any]) -> LaunchTemplateVersion:
        """Return the version of a launch template that a request names, by id or by name.

        Raises:
            InvalidLaunchTemplateIdNotFound, InvalidLaunchTemplateNameNotFoundWithNameError: There is none.
        """
        template: LaunchTemplate = (
            self.get_launch_template(wanted["LaunchTemplateId"])
            if wanted.get("LaunchTemplateId")
            else self.get_launch_template_by_name(wanted["LaunchTemplateName"])
        )
        return template.get_version(wanted.get("Version") or "$Default")

    def _check_profile(self, profile: Mapping[str, str]) -> None:
        try:
            filter_iam_instance_profiles(self.account_id, self.partition, profile.get("Arn"), profile.get("Name"))
        except NotFoundException:
            field, value = next(iter(profile.items()))
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Value ({value}) for parameter iamInstanceProfile.{field.lower()} is invalid. Invalid IAM Instance Profile {field.lower()}",
            ) from None

    def _disks(self, image_id: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        mappings: list[dict[str, Any]] = copy.deepcopy(data.get("BlockDeviceMappings") or [])
        if not mappings:
            image = self.amis.get(image_id)
            mappings = [{"DeviceName": image.root_device_name if image else ROOT_DEVICE, "Ebs": {"VolumeSize": ROOT_GIB}}]
        for mapping in mappings:
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html: true unless said otherwise.
            mapping["Ebs"] = {"DeleteOnTermination": True, **mapping.get("Ebs", {})}
        return mappings

    def _finish(self, instance: Instance, kwargs: Mapping[str, Any], profile: Mapping[str, str] | None) -> None:
        instance.placement.availability_zone_id = self.zone_id(instance)  # pyright: ignore[reportAttributeAccessIssue] - moto has no such field
        if instance.lifecycle == "spot":
            # Karpenter tells spot from on-demand by this field alone.
            instance.spot_instance_request_id = random_spot_request_id()  # pyright: ignore[reportAttributeAccessIssue] - nor this one
        if profile:
            self.associate_iam_instance_profile(
                instance_id=instance.id, iam_instance_profile_name=profile.get("Name"), iam_instance_profile_arn=profile.get("Arn")
            )
        for mapping in kwargs["block_device_mappings"]:
            volume = self.volumes[instance.block_device_mapping[mapping["DeviceName"]].volume_id]
            volume.iops = _integer(mapping["Ebs"].get("Iops")) or volume.iops
            volume.throughput = _integer(mapping["Ebs"].get("Throughput")) or volume.throughput

    def zone_id(self, instance: Instance) -> str:
        """Return the id of the zone that an instance is in."""
        return next((zone.zone_id for zone in self.describe_availability_zones() if zone.name == instance.availability_zone), "")


def _names_profile(kwargs: Mapping[str, Any]) -> bool:
    return bool(kwargs.get("iam_instance_profile_name") or kwargs.get("iam_instance_profile_arn"))


def _network(kwargs: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the interfaces that are asked for; of a template moto reads neither groups nor subnet."""
    asked: list[dict[str, Any]] = copy.deepcopy(kwargs.get("nics") or data.get("NetworkInterfaces") or [{}])
    # moto keeps one interface for an index, where EC2 keeps one for an index of each network card.
    interfaces = {int(interface.get("DeviceIndex") or 0): interface for interface in reversed(asked)}
    primary = interfaces.setdefault(0, {})
    groups: list[str] = kwargs.get("security_group_ids") or data.get("SecurityGroupIds") or []
    chosen = {
        # The instance's groups are those of its primary interface, which moto gives the instance's.
        "security_group_ids": groups or primary.pop("Groups", []),
        "subnet_id": kwargs.get("subnet_id") or primary.get("SubnetId"),
        "associate_public_ip": primary.get("AssociatePublicIpAddress", kwargs.get("associate_public_ip")),
    }
    for index, interface in interfaces.items():
        # EC2 removes an interface that it made for an instance with that instance.
        interface |= {
            "DeviceIndex": index,
            "DeleteOnTermination": interface.get("DeleteOnTermination", "NetworkInterfaceId" not in interface),
        }
    return chosen | {"nics": [interfaces[index] for index in sorted(interfaces)]}


def _machine(kwargs: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    monitored = kwargs.get("monitoring_state") == "enabled" or data.get("Monitoring", {}).get("Enabled")
    return {
        "metadata_options": {**data.get("MetadataOptions", {}), **(kwargs.get("metadata_options") or {})},
        "monitoring_state": "enabled" if monitored else "disabled",
        "ebs_optimized": kwargs.get("ebs_optimized") or data.get("EbsOptimized") or False,
    }


def _tags(data: Mapping[str, Any], requested: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    tags = convert_tag_spec(data.get("TagSpecifications") or [])
    for resource, pairs in requested.items():
        tags[resource] = {**tags.get(resource, {}), **pairs}
    return tags


def _integer(value: Any) -> int | None:
    return int(value) if value is not None else None
