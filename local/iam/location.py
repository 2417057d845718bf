"""Where a request is made, and how ARNs are spelled there.

Separate so that no table of this package spells a partition.
"""

from dataclasses import dataclass

from mlplatform.config.partitions import Partition
from mlplatform.config.settings import Settings
from mlplatform.local.aws.regions import partition_of


@dataclass(frozen=True)
class Location:
    """An account in a region."""

    account: str
    region: str
    partition: Partition

    def arn(self, service: str, resource: str, *, region: str | None = None, account: str | None = None) -> str:
        """Return an ARN here; services differ in whether region and account stand in it, so both can be emptied."""
        where = self.region if region is None else region
        who = self.account if account is None else account
        return f"arn:{self.partition.name}:{service}:{where}:{who}:{resource}"


def location(account: str, region: str) -> Location:
    """Return an account in a region of any partition that the platform has a table for."""
    return Location(account, region, partition_of(region))


def location_of(settings: Settings) -> Location:
    """Return where an environment is."""
    return Location(settings.account, settings.region, settings.place.partition)
