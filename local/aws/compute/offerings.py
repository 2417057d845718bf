"""DescribeInstanceTypes, offerings and spot prices of a region: what it sells, and no other type.

Separate because moto offers every type everywhere, none in China, and all spot at one price.
"""

from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidInstanceTypeError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES, InstanceType, InstanceTypeBackend
from moto.ec2.responses import EC2Response

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.compute import prices, types
from mlplatform.local.aws.compute.tables.volta import VOLTA


class OfferingsBackend(EC2Backend):
    """An EC2 that knows the types of its region alone."""

    def describe_instance_types(self, instance_types: list[str] | None = None, filters: Any = None) -> list[InstanceType]:
        """Return the types that the region offers, of those asked for."""
        offered = types.offered(self.region_name)
        found = super().describe_instance_types(instance_types, filters)
        if offered is None:
            return found
        absent = set(instance_types or ()) - offered
        if absent:
            raise InvalidInstanceTypeError(sorted(absent), error_type="InvalidInstanceType")
        return [found_type for found_type in found if found_type.name in offered]


class OfferingsResponses(EC2Response):
    """Answers about what can be launched."""

    def describe_instance_types(self) -> ActionResult:
        """Describe types; Karpenter asks for a dry run to see whether EC2 can be reached."""
        self.error_on_dryrun()
        return super().describe_instance_types()

    def describe_spot_price_history(self) -> ActionResult:
        """Return the price of each type in each zone as it is now: it does not move here."""
        now = datetime.now(UTC)
        offerings: list[dict[str, str]] = self.ec2_backend.describe_spot_price_history(
            self._get_param("InstanceTypes", []), self._filters_from_querystring()
        )
        history = [
            {
                "InstanceType": offering["InstanceType"],
                "ProductDescription": "Linux/UNIX",
                "SpotPrice": f"{price:.6f}",
                "AvailabilityZone": offering["Location"],
                "Timestamp": now,
            }
            for offering in offerings
            if (price := prices.spot(self.region, offering["InstanceType"], offering["Location"])) is not None
        ]
        return ActionResult({"SpotPriceHistory": history})


def install_offerings() -> None:
    """Put what our regions offer into the table that moto's EC2 looks everything up in."""
    unknown = [name for name in VOLTA if name not in INSTANCE_TYPES]
    INSTANCE_TYPES.update({name: VOLTA[name] for name in unknown})
    InstanceTypeBackend.instance_types += [InstanceType(name) for name in unknown]
    for region, place in REGIONS.items():
        offered = sorted(types.offered(region) or ())
        zones = {zone.name: zone.zone_id for zone in EC2Backend.zones.get(region, [])}
        locations = {
            "region": [region],
            "availability-zone": list(place.zones),
            "availability-zone-id": [zones[zone] for zone in place.zones if zone in zones],
        }
        for kind, names in locations.items():
            INSTANCE_TYPE_OFFERINGS[kind][region] = [
                {"InstanceType": name, "LocationType": kind, "Location": location} for location in names for name in offered
            ]
