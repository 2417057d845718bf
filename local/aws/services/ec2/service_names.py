"""The names of VPC endpoint services by region.

Separate because the tables are config's, and what is made of them is EC2's answer.
"""

from moto.utilities.utils import get_partition

from mlplatform.config.partitions import PARTITIONS

_SAGEMAKER = frozenset({"notebook", "studio"})
_GATEWAYS = frozenset({"dynamodb", "s3"})


def endpoint_exists(name: str, region: str, *, interface: bool) -> bool:
    """Say whether an endpoint service may have that name in the region."""
    head, _, service = name.partition(f".{region}.")
    if not interface:
        return head == "com.amazonaws" and service in _GATEWAYS
    if head == "aws.sagemaker":
        return service in _SAGEMAKER
    partition = PARTITIONS[get_partition(region)]
    prefix = partition.endpoint_prefixes.get(service, "")
    return bool(service) and service not in partition.missing_endpoints and head == f"{prefix}com.amazonaws"


def endpoint_host(endpoint: str, name: str, region: str) -> str:
    """Return the host name by which an interface endpoint is reached."""
    service = ".".join(reversed(name.partition(f".{region}.")[2].split(".")))
    return f"{endpoint}.{service}.{region}.vpce.{PARTITIONS[get_partition(region)].url_suffix}"
