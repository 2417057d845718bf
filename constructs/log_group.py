"""Log groups that exist before the service that writes to them.

Separate because a service that makes its own keeps it for ever, unencrypted, and CDK's cure for that is a Lambda.
"""

from aws_cdk import aws_logs as logs
from constructs import Construct

from mlplatform.constructs.key import PlatformKey
from mlplatform.constructs.protection import Protection

_RETENTION = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


class PlatformLogGroup(Construct):
    """A log group of a fixed name, kept for a number of days that CloudWatch knows."""

    def __init__(self, scope: Construct, id: str, *, name: str, days: int, key: PlatformKey, protection: Protection) -> None:
        super().__init__(scope, id)
        self.log_group = logs.LogGroup(
            self,
            "LogGroup",
            log_group_name=name,
            retention=_RETENTION[days],
            encryption_key=key.log_key,
            removal_policy=protection.removal,
        )
