"""What RDS refuses about a database before it makes one.

Separate because these are the mistakes of a template that moto lets pass.
"""

import re
from typing import Any

from moto.ec2.models import ec2_backends
from moto.kms.models import kms_backends
from moto.rds.exceptions import RDSClientError

_TWO_NUMBERS = ("aurora-mysql", "mysql", "mariadb")
_ONE_NUMBER = ("aurora-postgresql", "postgres")
_ZONES = 2


def family(engine: str, version: str) -> str | None:
    """Return the parameter group family of an engine's version: `mysql8.4`, `aurora-mysql8.0`, `postgres16`; None for other engines."""
    numbers = re.match(r"(\d+)(?:\.(\d+))?", version)
    if numbers is None:
        return None
    if engine in _TWO_NUMBERS:
        return f"{engine}{numbers[1]}.{numbers[2] or 0}"
    return f"{engine}{numbers[1]}" if engine in _ONE_NUMBER else None


def check_family(name: str, group_family: str, engine: str, version: str) -> None:
    """Refuse a parameter group of another family than the engine's version needs."""
    needed = family(engine, version)
    if needed and group_family != needed:
        raise RDSClientError(
            "InvalidParameterCombination",
            f"The parameter group {name} with DBParameterGroupFamily {group_family} can't be used for this instance. "
            f"Please use a Parameter Group with DBParameterGroupFamily {needed}",
        )


def check_groups(account: str, region: str, groups: list[str] | None) -> None:
    """Refuse security groups that do not exist."""
    for group in groups or ():
        if ec2_backends[account][region].get_security_group_from_id(group) is None:
            raise RDSClientError("InvalidParameterValue", f"Invalid security group , groupId= {group}, groupName=.")


def check_key(account: str, region: str, key: str | None) -> None:
    """Refuse an encryption key of this account that does not exist."""
    if key and ":key/" in key and key.rsplit("/", maxsplit=1)[-1] not in kms_backends[account][region].keys:
        raise RDSClientError(
            "KMSKeyNotAccessibleFault",
            f"The specified KMS key [{key}] does not exist, is not enabled or you do not have permissions to access it.",
        )


def check_zones(subnets: list[Any]) -> None:
    """Refuse a subnet group in one zone."""
    if len({subnet.availability_zone for subnet in subnets}) < _ZONES:
        message = "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs."
        raise RDSClientError("DBSubnetGroupDoesNotCoverEnoughAZs", message)
