"""Where databases are reached, by the rules of their partition.

Separate because China puts the region after the service, and everything else before it.
"""

from typing import Any

from moto.utilities.utils import get_partition

from mlplatform.config.partitions import PARTITIONS

_ACCOUNT = "c1a2b3c4d5e6"
"""The part that RDS gives every account in a region."""


def instance_host(name: str, region: str) -> str:
    """Return an instance's host name: `db.c1a2b3c4d5e6.us-west-2.rds.amazonaws.com`, `db.c1a2b3c4d5e6.rds.cn-north-1.amazonaws.com.cn`."""
    return f"{name}.{_ACCOUNT}.{_domain(region)}"


def cluster_host(cluster: Any, kind: str) -> str:
    """Return the host name of a cluster's writer (`cluster`) or readers (`cluster-ro`)."""
    return f"{cluster.db_cluster_identifier}.{kind}-{_ACCOUNT}.{_domain(cluster.region)}"


def _domain(region: str) -> str:
    return PARTITIONS[get_partition(region)].database_domain(region)
