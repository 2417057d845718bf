"""What operations of EC2 ask for; launches have a module of their own.

Separate because EC2 asks for each resource that an operation touches, and tells kinds apart by the prefix of their ids:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html .
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mlplatform.local.iam.actions.asked import Asked, Context, Rule, Situation, anywhere, of_request, of_resource, pairs

_KINDS = {
    "ami": "image",
    "cr": "capacity-reservation",
    "eni": "network-interface",
    "fleet": "fleet",
    "i": "instance",
    "lt": "launch-template",
    "pg": "placement-group",
    "sg": "security-group",
    "sir": "spot-instances-request",
    "snap": "snapshot",
    "subnet": "subnet",
    "vol": "volume",
    "vpc": "vpc",
}
_WITHOUT_ACCOUNT = ("image", "snapshot")
NEW = "new"
"""What stands for the id of a resource that the call is about to make."""


def arn(situation: Situation, kind: str, identifier: str) -> str:
    """Return the ARN of a resource of EC2."""
    account = "" if kind in _WITHOUT_ACCOUNT else None
    return situation.here.arn("ec2", f"{kind}/{identifier}", account=account)


def existing(situation: Situation, action: str, identifier: str, extra: Context | None = None) -> Asked:
    """Ask for an action on a resource by its id, with the tags that it has."""
    kind = _KINDS[identifier.rsplit("-", 1)[0]]
    tags = situation.call.tags.get(identifier, {})
    own = {f"ec2:ResourceTag/{key}": value for key, value in tags.items()}
    return Asked(action, arn(situation, kind, identifier), {**of_resource(tags), **own, **(extra or {})})


def made(situation: Situation, action: str, kind: str, tags: Mapping[str, str]) -> Asked:
    """Ask for an action on a resource that the call makes, with the tags that it shall get."""
    return Asked(action, arn(situation, kind, NEW), of_request(tags))


def tagged_at_creation(situation: Situation, tags: Mapping[str, Mapping[str, str]], *by: str) -> Iterator[Asked]:
    """Ask for `ec2:CreateTags` on each kind that is tagged as it is made, for each operation that may count as its creation."""
    for kind, wanted in tags.items():
        for operation in by or (str(situation.call.operation),):
            yield Asked("ec2:CreateTags", arn(situation, kind, NEW), {**of_request(wanted), "ec2:CreateAction": operation})


def specified(specifications: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the tags of `TagSpecifications` by kind; what is listed twice adds up."""
    found: dict[str, dict[str, str]] = {}
    for specification in specifications:
        tags = pairs(specification.get("Tags") or ())
        if tags:
            found.setdefault(specification["ResourceType"], {}).update(tags)
    return found


def _on(*parameters: str) -> Rule:
    """Ask for the operation's action on every resource that these parameters name."""

    def rule(situation: Situation) -> Iterator[Asked]:
        for parameter in parameters:
            for identifier in situation.entries(parameter):
                yield existing(situation, situation.action, identifier)

    return rule


def _making(kind: str, *using: str) -> Rule:
    """Ask for the operation's action on what it makes and on what it makes it from, and for the tags."""

    def rule(situation: Situation) -> Iterator[Asked]:
        tags = specified(situation.entries("TagSpecifications"))
        yield made(situation, situation.action, kind, tags.get(kind, {}))
        yield from _on(*using)(situation)
        yield from tagged_at_creation(situation, tags)

    return rule


def _launch_template(situation: Situation) -> Iterator[Asked]:
    name = situation.text("LaunchTemplateId") or situation.text("LaunchTemplateName")
    yield Asked(situation.action, arn(situation, "launch-template", name), situation.tags(name))


def _tagging(situation: Situation) -> Iterator[Asked]:
    for identifier in situation.entries("Resources"):
        yield existing(situation, situation.action, identifier, of_request(pairs(situation.entries("Tags"))))


def _detached(situation: Situation) -> Iterator[Asked]:
    """An attachment's id tells neither its instance nor its interface, so only a statement for all of them allows it."""
    for kind in ("instance", "network-interface"):
        yield Asked(situation.action, arn(situation, kind, "attached"))


OPERATIONS: dict[str, Rule] = {
    "AssignPrivateIpAddresses": _on("NetworkInterfaceId"),
    "AttachNetworkInterface": _on("InstanceId", "NetworkInterfaceId"),
    "AttachVolume": _on("InstanceId", "VolumeId"),
    "CreateLaunchTemplate": _making("launch-template"),
    "CreateNetworkInterface": _making("network-interface", "SubnetId", "Groups"),
    "CreateSnapshot": _making("snapshot", "VolumeId"),
    "CreateTags": _tagging,
    "CreateVolume": _making("volume", "SnapshotId"),
    "DeleteLaunchTemplate": _launch_template,
    "DeleteNetworkInterface": _on("NetworkInterfaceId"),
    "DeleteSnapshot": _on("SnapshotId"),
    "DeleteTags": _tagging,
    "DeleteVolume": _on("VolumeId"),
    "DetachNetworkInterface": _detached,
    "DetachVolume": _on("InstanceId", "VolumeId"),
    "ModifyNetworkInterfaceAttribute": _on("NetworkInterfaceId", "Groups"),
    "ModifyVolume": _on("VolumeId"),
    "TerminateInstances": _on("InstanceIds"),
    "UnassignPrivateIpAddresses": _on("NetworkInterfaceId"),
    **{
        f"Describe{what}": anywhere
        for what in (
            "AvailabilityZones",
            "CapacityReservations",
            "Images",
            "InstanceStatus",
            "InstanceTypeOfferings",
            "InstanceTypes",
            "Instances",
            "LaunchTemplates",
            "NetworkInterfaces",
            "PlacementGroups",
            "SecurityGroups",
            "Snapshots",
            "SpotPriceHistory",
            "Subnets",
            "Tags",
            "VolumeStatus",
            "Volumes",
            "VolumesModifications",
        )
    },
}
