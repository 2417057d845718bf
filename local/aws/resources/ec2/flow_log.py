"""`AWS::EC2::FlowLog`: a record of a network's traffic.

Separate because it belongs to a VPC, a subnet or an interface alike.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError
from mlplatform.local.aws.resources.ec2.tagging import tag, tag_again
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, undone_on_failure


class FlowLog:
    """A flow log; `Ref` is its id."""

    properties = frozenset(
        {
            "DeliverLogsPermissionArn",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "ResourceType",
            "Tags",
            "TrafficType",
        }
    )

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the flow log; its destination must exist."""
        ec2 = place.client("ec2")
        given = {key: value for key, value in properties.items() if key not in {"ResourceId", "Tags"}}
        made = ec2.create_flow_logs(**fit(ec2, "create_flow_logs", {**given, "ResourceIds": [properties["ResourceId"]]}))
        if made.get("Unsuccessful"):
            raise ResourceFailedError(made["Unsuccessful"][0]["Error"]["Message"])
        flow_log = made["FlowLogIds"][0]
        with undone_on_failure(lambda: ec2.delete_flow_logs(FlowLogIds=[flow_log])):
            tag(place, flow_log, properties)
        return Applied(flow_log, {"Id": flow_log})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the tags."""
        tag_again(place, current.physical_id, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the flow log."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_flow_logs(FlowLogIds=[current.physical_id])
