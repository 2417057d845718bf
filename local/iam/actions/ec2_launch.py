"""What launching instances asks for: `CreateFleet` and `RunInstances`.

Separate because a launch touches everything that its launch template names, and passes the role in its instance profile:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-prerequisites.html .
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlplatform.local.iam.actions.asked import Asked, Rule, Situation
from mlplatform.local.iam.actions.ec2 import arn, existing, made, specified, tagged_at_creation

_DEFAULT = "default"
"""What stands for the id of a resource that EC2 chooses itself."""


@dataclass(frozen=True)
class _Launch:
    """What one launch uses and makes, from the call and from its launch template."""

    template: str
    """The name or id of the launch template, empty without one."""
    tags: Mapping[str, Mapping[str, str]]
    """The tags of what is made, by kind."""
    images: tuple[str, ...]
    subnets: tuple[str, ...]
    groups: tuple[str, ...]
    snapshots: tuple[str, ...]
    reservations: tuple[str, ...]
    placement: str
    """The name of the placement group."""
    profile: str
    spot: bool

    def used(self, situation: Situation, action: str, *kinds: str) -> Iterator[Asked]:
        """Ask for an action on what is there already, of these kinds."""
        by_kind: dict[str, Iterable[str]] = {
            "capacity-reservation": self.reservations,
            "image": self.images,
            "security-group": self.groups or (_DEFAULT,),
            "snapshot": self.snapshots,
            "subnet": self.subnets or (_DEFAULT,),
        }
        for kind in kinds:
            for identifier in by_kind[kind]:
                yield Asked(action, arn(situation, kind, _DEFAULT)) if identifier == _DEFAULT else existing(situation, action, identifier)
        if self.placement:
            yield Asked(action, arn(situation, "placement-group", self.placement))
        if self.template:
            yield Asked(action, arn(situation, "launch-template", self.template), situation.tags(self.template))

    def makes(self, situation: Situation, action: str, *kinds: str) -> Iterator[Asked]:
        """Ask for an action on what is made, of these kinds."""
        for kind in kinds:
            yield made(situation, action, kind, self.tags.get(kind, {}))


def _create_fleet(situation: Situation) -> Iterator[Asked]:
    spot = situation.fields("TargetCapacitySpecification").get("DefaultTargetCapacityType") == "spot"
    own = specified(situation.entries("TagSpecifications"))
    for config in situation.entries("LaunchTemplateConfigs"):
        specification = config.get("LaunchTemplateSpecification", {})
        overrides = config.get("Overrides", [])
        launch = _launch(situation, specification, overrides, own, spot=spot)
        yield from launch.used(situation, "ec2:CreateFleet", "capacity-reservation", "image", "subnet")
        yield from launch.makes(situation, "ec2:CreateFleet", "fleet", "instance", "volume")
        yield from _run(situation, launch)
        # Which of the two counts as the creation of what an instant fleet launches is not documented: a policy must allow both.
        inside = {kind: tags for kind, tags in launch.tags.items() if kind != "fleet"}
        yield from tagged_at_creation(situation, inside, "CreateFleet", "RunInstances")
        yield from tagged_at_creation(situation, {kind: tags for kind, tags in launch.tags.items() if kind == "fleet"})


def _run_instances(situation: Situation) -> Iterator[Asked]:
    market = situation.fields("InstanceMarketOptions").get("MarketType")
    own = specified(situation.entries("TagSpecifications"))
    launch = _launch(situation, situation.fields("LaunchTemplate"), [situation.call.parameters], own, spot=market == "spot")
    yield from _run(situation, launch)
    yield from tagged_at_creation(situation, launch.tags)


def _run(situation: Situation, launch: _Launch) -> Iterator[Asked]:
    action = "ec2:RunInstances"
    yield from launch.used(situation, action, "capacity-reservation", "image", "security-group", "snapshot", "subnet")
    spot = ("spot-instances-request",) if launch.spot else ()
    yield from launch.makes(situation, action, "instance", "network-interface", "volume", *spot)
    if launch.profile:
        yield passing(situation, situation.seen.role_of(launch.profile))


def passing(situation: Situation, role: str) -> Asked:
    """Ask to pass a role to EC2, which the partition's EC2 principal then assumes."""
    to = {"iam:PassedToService": situation.here.partition.node_principals[-1]}
    return Asked("iam:PassRole", situation.here.arn("iam", f"role/{role}", region=""), to)


def _launch(
    situation: Situation,
    specification: Mapping[str, Any],
    requests: list[Mapping[str, Any]],
    tags: Mapping[str, Mapping[str, str]],
    *,
    spot: bool,
) -> _Launch:
    """Join what the launch template says with what each request for instances says over it."""
    data = situation.seen.launch_template(situation.call.region, specification)
    parts = [data, *requests]
    interfaces = [interface for part in parts for interface in part.get("NetworkInterfaces", ())]
    disks = [disk["Ebs"] for part in parts for disk in part.get("BlockDeviceMappings", ()) if disk.get("Ebs")]
    own_images = [part["ImageId"] for part in requests if part.get("ImageId")]
    return _Launch(
        template=specification.get("LaunchTemplateName") or specification.get("LaunchTemplateId", ""),
        tags=_added(specified(data.get("TagSpecifications") or ()), tags),
        images=_unique(own_images or [data.get("ImageId")]),
        subnets=_unique([part.get("SubnetId") for part in (*parts, *interfaces)]),
        groups=_unique(
            [group for part in parts for group in part.get("SecurityGroupIds", ())] + [g for i in interfaces for g in i.get("Groups", ())]
        ),
        snapshots=_unique([disk.get("SnapshotId") for disk in disks]),
        reservations=_unique([_reservation(part) for part in parts]),
        placement=next((part["Placement"]["GroupName"] for part in parts if part.get("Placement", {}).get("GroupName")), ""),
        profile=next((name for part in reversed(parts) if (name := _profile(part))), ""),
        spot=spot or data.get("InstanceMarketOptions", {}).get("MarketType") == "spot",
    )


def _profile(part: Mapping[str, Any]) -> str:
    named: Mapping[str, str] = part.get("IamInstanceProfile") or {}
    return named.get("Name") or named.get("Arn", "").rpartition("/")[2]


def _reservation(part: Mapping[str, Any]) -> str | None:
    return part.get("CapacityReservationSpecification", {}).get("CapacityReservationTarget", {}).get("CapacityReservationId")


def _added(first: Mapping[str, Mapping[str, str]], second: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {kind: {**first.get(kind, {}), **second.get(kind, {})} for kind in {**first, **second}}


def _unique(identifiers: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identifier for identifier in identifiers if identifier))


OPERATIONS: dict[str, Rule] = {"CreateFleet": _create_fleet, "RunInstances": _run_instances}
