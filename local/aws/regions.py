"""What partition a region is in, for every region that AWS has.

Separate because the platform's own tables come first and botocore's answer for regions that the platform does not know.
"""

from functools import cache

import botocore.session

from mlplatform.config.partitions import PARTITIONS, Partition
from mlplatform.config.regions import REGIONS


@cache
def partition_of(region: str) -> Partition:
    """Return the partition of a region.

    Raises:
        LookupError: It is in a partition that the platform has no table for.
    """
    if region in REGIONS:
        return REGIONS[region].partition
    name = botocore.session.get_session().get_partition_for_region(region)
    if name not in PARTITIONS:
        raise LookupError(f"{region} is in partition {name}; the local AWS plays {', '.join(PARTITIONS)}")
    return PARTITIONS[name]
