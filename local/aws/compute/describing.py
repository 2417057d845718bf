"""DescribeInstances and DescribeInstanceStatus with every filter that is asked for.

Separate because these are faults of moto's own answers, each of which goes when moto mends it.
"""

from typing import Any, cast

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance, Reservation
from moto.ec2.responses import EC2Response
from moto.ec2.utils import filter_reservations

_STATUS_FILTERS = {"instance-status.status": "instance_status", "system-status.status": "system_status"}


class DescribingResponses(EC2Response):
    """Lists of instances that are neither too long nor too short."""

    def describe_instances(self) -> ActionResult:
        """List instances; moto lets the last of two filters of one name stand for both, EC2 wants each."""
        answer = cast("dict[str, Any]", super().describe_instances().result)
        asked = self._get_param("Filters", [])
        last = {item["Name"]: index for index, item in enumerate(asked)}
        for index, item in enumerate(asked):
            if last[item["Name"]] != index:
                reservations: list[Reservation] = answer["Reservations"]
                answer["Reservations"] = filter_reservations(reservations, {item["Name"]: item["Values"]})
        return ActionResult(answer)

    def describe_instance_status(self) -> ActionResult:
        """List states; moto ignores the filters by status and event, and so lists healthy instances as impaired."""
        answer = cast("dict[str, Any]", super().describe_instance_status().result)
        instances: list[Instance] = answer["InstanceStatuses"]
        for name, values in self._filters_from_querystring().items():
            instances = [instance for instance in instances if _passes(instance, name, values)]
        return ActionResult({"InstanceStatuses": instances})


def _passes(instance: Instance, name: str, values: Any) -> bool:
    if name in _STATUS_FILTERS:
        return getattr(instance, _STATUS_FILTERS[name])["Status"] in values
    # No instance here has an event scheduled; other filters are moto's.
    return not name.startswith("event.")
