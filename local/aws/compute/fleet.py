"""CreateFleet of type instant: which of the offered types, zones and capacity types an instance is launched in.

Separate because it is a market: candidates in an order, capacity that is there or not, errors for what was tried in vain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.responses import EC2Response
from moto.ec2.utils import convert_tag_spec, random_fleet_id

from mlplatform.local.aws.compute import prices, types
from mlplatform.local.aws.compute.capacity import Capacity, CapacityType, Offering
from mlplatform.local.aws.compute.launch import LaunchBackend

_STRATEGIES = {
    "on-demand": ("OnDemandOptions", {"lowest-price", "prioritized"}),
    "spot": ("SpotOptions", {"lowest-price", "capacity-optimized", "price-capacity-optimized", "capacity-optimized-prioritized"}),
}
_INSUFFICIENT, _UNSUPPORTED = "InsufficientInstanceCapacity", "Unsupported"
_OVERRIDES = frozenset({"InstanceType", "SubnetId", "AvailabilityZone", "ImageId", "Priority"})


@dataclass
class _Candidate:
    """One override of one launch template."""

    version: LaunchTemplateVersion
    override: dict[str, Any]
    offering: Offering
    launched: list[Instance] = field(default_factory=list[Instance])
    refusal: tuple[str, str] | None = None
    """Code and message of the error that ended the launches in it."""

    def shown(self) -> dict[str, Any]:
        """Return what the answer says of it: Karpenter reads image, zone and type here, and takes a missing image for drift."""
        specification = {"LaunchTemplateId": self.version.template.id, "Version": str(self.version.number)}
        return {"LaunchTemplateSpecification": specification, "Overrides": self.override}


class CapacityBackend(EC2Backend):
    """An EC2 that can run out of instances."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.capacity = Capacity()


class FleetBackend(LaunchBackend, CapacityBackend):
    """An EC2 that launches instant fleets."""

    def launch_fleet(
        self,
        configs: Iterable[Mapping[str, Any]],
        targets: Mapping[CapacityType, int],
        strategies: Mapping[str, str],
        tags: dict[str, dict[str, str]],
    ) -> dict[str, Any]:
        """Launch as many instances of each capacity type as `targets` wants, as far as there is capacity.

        Returns:
            What CreateFleet answers: the fleet's id, what was launched in what, and an error for each candidate that was empty.
        """
        fleet_id = random_fleet_id()
        answer: dict[str, Any] = {"FleetId": fleet_id, "Instances": [], "Errors": []}
        for capacity_type, wanted in targets.items():
            candidates = _ordered(self._candidates(configs, capacity_type), self.region_name, strategies[capacity_type])
            missing = wanted
            for candidate in candidates:
                if not missing:
                    break
                missing -= self._launch(candidate, missing, fleet_id, tags)
                if candidate.launched:
                    answer["Instances"].append(_launched(candidate))
                if candidate.refusal:
                    answer["Errors"].append(_refused(candidate, *candidate.refusal))
        return answer

    def _candidates(self, configs: Iterable[Mapping[str, Any]], capacity_type: CapacityType) -> list[_Candidate]:
        found: list[_Candidate] = []
        for config in configs:
            version = self.template_version(config["LaunchTemplateSpecification"])
            overrides: list[dict[str, Any]] = config.get("Overrides") or [{}]
            for override in overrides:
                _refuse_others(override, _OVERRIDES, "Overrides")
                zone = self._zone(override)
                chosen = {"InstanceType": version.instance_type, "ImageId": version.image_id, **override, "AvailabilityZone": zone}
                offering = Offering(instance_type=chosen["InstanceType"], zone=zone, capacity_type=capacity_type)
                found.append(_Candidate(version, chosen, offering))
        return found

    def _zone(self, override: Mapping[str, Any]) -> str:
        if override.get("SubnetId"):
            return str(self.get_subnet(override["SubnetId"]).availability_zone)
        return str(override.get("AvailabilityZone") or self.describe_availability_zones()[0].name)

    def _launch(self, candidate: _Candidate, wanted: int, fleet_id: str, tags: dict[str, dict[str, str]]) -> int:
        """Launch up to `wanted` instances in a candidate and return how many it gave; it notes why it gave no more."""
        while len(candidate.launched) < wanted:
            candidate.refusal = self._refusal(candidate.offering)
            if candidate.refusal:
                break
            try:
                candidate.launched.append(self._launch_one(candidate, fleet_id, tags))
            except EC2ClientError as error:
                candidate.refusal = (str(error.code), str(error.message))
                break
        return len(candidate.launched)

    def _launch_one(self, candidate: _Candidate, fleet_id: str, tags: dict[str, dict[str, str]]) -> Instance:
        subnet_id = candidate.override.get("SubnetId")
        reservation = self.run_instances(
            candidate.override["ImageId"],
            1,
            None,
            [],
            instance_type=candidate.offering.instance_type,
            subnet_id=subnet_id,
            placement=None if subnet_id else candidate.offering.zone,
            launch_template={"LaunchTemplateId": candidate.version.template.id, "Version": candidate.version.number},
            lifecycle="spot" if candidate.offering.capacity_type == "spot" else None,
            tags=tags,
        )
        instance = reservation.instances[0]
        instance.add_tags({"aws:ec2:fleet-id": fleet_id})
        return instance

    def _refusal(self, offering: Offering) -> tuple[str, str] | None:
        """Say why an instance cannot be launched, in EC2's words, or take the capacity for it."""
        offered = types.offered(self.region_name)
        spot = offering.capacity_type == "spot"
        if (offered is not None and offering.instance_type not in offered) or (
            spot and prices.spot(self.region_name, offering.instance_type, offering.zone) is None
        ):
            return _UNSUPPORTED, (
                f"Your requested instance type ({offering.instance_type}) is not supported in your requested Availability Zone ({offering.zone})."
            )
        if not self.capacity.take(offering):
            return _INSUFFICIENT, (
                f"We currently do not have sufficient {offering.instance_type} capacity in the Availability Zone you requested ({offering.zone})."
            )
        return None


class FleetResponses(EC2Response):
    """CreateFleet; fleets that keep themselves up stay moto's."""

    def create_fleet(self) -> ActionResult:
        """Launch an instant fleet.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html
        """
        if self._get_param("Type", "maintain") != "instant":
            return super().create_fleet()
        backend = cast("FleetBackend", self.ec2_backend)
        targets = self._targets(self._get_param("TargetCapacitySpecification", {}))
        strategies = {capacity_type: self._strategy(capacity_type) for capacity_type in targets}
        configs = self._get_param("LaunchTemplateConfigs", [])
        for config in configs:
            # A dry run names a missing template too.
            backend.template_version(config["LaunchTemplateSpecification"])
        self.error_on_dryrun()
        return ActionResult(backend.launch_fleet(configs, targets, strategies, convert_tag_spec(self._get_param("TagSpecifications", []))))

    def _targets(self, specification: Mapping[str, Any]) -> dict[CapacityType, int]:
        preferred = specification.get("DefaultTargetCapacityType") or "on-demand"
        if preferred not in _STRATEGIES:
            raise _not_played(f"target capacity of type {preferred}")
        targets: dict[CapacityType, int] = {
            "on-demand": int(specification.get("OnDemandTargetCapacity") or 0),
            "spot": int(specification.get("SpotTargetCapacity") or 0),
        }
        targets[preferred] += max(int(specification["TotalTargetCapacity"]) - sum(targets.values()), 0)
        return {capacity_type: wanted for capacity_type, wanted in targets.items() if wanted}

    def _strategy(self, capacity_type: CapacityType) -> str:
        parameter, played = _STRATEGIES[capacity_type]
        options = self._get_param(parameter, {})
        _refuse_others(options, {"AllocationStrategy"}, parameter)
        strategy = str(options.get("AllocationStrategy") or "lowest-price")
        if strategy not in played:
            raise _not_played(f"the allocation strategy {strategy}")
        return strategy


def _ordered(candidates: list[_Candidate], region: str, strategy: str) -> list[_Candidate]:
    """Return candidates in the order in which they are tried; nothing here knows of depth, so price stands for capacity too."""

    def price(candidate: _Candidate) -> float:
        offering = candidate.offering
        if offering.capacity_type == "spot":
            return prices.spot(region, offering.instance_type, offering.zone) or float("inf")
        return prices.on_demand(region, offering.instance_type)

    def priority(candidate: _Candidate) -> float:
        # The lowest number goes first, one without goes last.
        return float(candidate.override.get("Priority", "inf")) if strategy.endswith("prioritized") else 0.0

    return sorted(
        candidates, key=lambda candidate: (priority(candidate), price(candidate), candidate.offering.instance_type, candidate.offering.zone)
    )


def _launched(candidate: _Candidate) -> dict[str, Any]:
    return {
        "LaunchTemplateAndOverrides": candidate.shown(),
        "Lifecycle": candidate.offering.capacity_type,
        "InstanceIds": [instance.id for instance in candidate.launched],
        "InstanceType": candidate.offering.instance_type,
    }


def _refused(candidate: _Candidate, code: str, message: str) -> dict[str, Any]:
    return {
        "LaunchTemplateAndOverrides": candidate.shown(),
        "Lifecycle": candidate.offering.capacity_type,
        "ErrorCode": code,
        "ErrorMessage": message,
    }


def _refuse_others(given: Mapping[str, Any], played: Iterable[str], where: str) -> None:
    others = sorted(set(given) - set(played))
    if others:
        raise _not_played(f"{where}.{', '.join(others)}")


def _not_played(what: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", f"The local AWS does not play {what} of an instant fleet.")
