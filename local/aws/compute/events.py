"""What EC2 tells EventBridge: state changes, spot interruptions, rebalance recommendations.

Separate because moto's EC2 tells nothing, and because the events reach a queue only through the rules that a stack deployed.
"""

from datetime import UTC, datetime
from uuid import uuid4

from moto.events.models import events_backends
from moto.events.utils import EventMessageType
from moto.utilities.utils import get_partition

STATE_CHANGE = "EC2 Instance State-change Notification"
INTERRUPTION = "EC2 Spot Instance Interruption Warning"
REBALANCE = "EC2 Instance Rebalance Recommendation"


def publish(account: str, region: str, detail_type: str, instance_id: str, **detail: str) -> int:
    """Put an event about an instance on the region's default bus and return how many rules took it.

    The form is the one of https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ec2.html
    """
    now = datetime.now(UTC).timestamp()
    event: EventMessageType = {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": detail_type,
        "source": "aws.ec2",
        "account": account,
        "time": now,
        "ingestion-time": now,
        "region": region,
        "resources": [f"arn:{get_partition(region)}:ec2:{region}:{account}:instance/{instance_id}"],
        "detail": {"instance-id": instance_id, **detail},
    }
    taken = 0
    for rule in list(events_backends[account][region].event_buses["default"].rules.values()):
        if rule.state == "ENABLED" and rule.targets and rule.event_pattern.matches_event(event):
            rule.send_to_targets(event.copy())
            taken += 1
    return taken
