"""What EKS refuses before it makes anything, because what it is told does not exist or does not fit.

Separate because these are the mistakes of a template that a made-up answer would hide.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.eks.exceptions import InvalidParameterException
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends

from mlplatform.config.partitions import PARTITIONS
from mlplatform.config.versions import MATCHED_SETS
from mlplatform.local.aws.services.documents import trusted_services

_SUPPORTED_MINORS = 7
"""EKS supports a minor version for 26 months: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html."""
_ZONES = 2


def newest() -> int:
    """Return the newest minor version that there is a matched set of."""
    return max(int(version.split(".")[1]) for version in MATCHED_SETS)


def check_version(version: str) -> None:
    """Refuse a Kubernetes version that EKS does not run."""
    supported = [f"1.{minor}" for minor in range(newest() - _SUPPORTED_MINORS + 1, newest() + 1)]
    if version not in supported:
        refuse(f"unsupported Kubernetes version: {version}; supported are {', '.join(supported)}")


def check_cluster_role(account: str, partition: str, arn: str) -> None:
    """Refuse a cluster role that EKS cannot assume; its principal is the same in every partition."""
    if "eks.amazonaws.com" not in _trusted(account, partition, arn):
        refuse(f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct")


def check_node_role(account: str, partition: str, arn: str) -> None:
    """Refuse a node role that does not trust the partition's own EC2 principal (https://github.com/aws/aws-cdk/issues/24696)."""
    principal = f"ec2.{PARTITIONS[partition].url_suffix}"
    if principal not in _trusted(account, partition, arn):
        refuse(f"Following required service principals [{principal}] were not found in the trust relationships of nodeRole {arn}")


def check_pod_role(account: str, partition: str, arn: str) -> None:
    """Refuse a role that pods cannot wear because it does not exist."""
    if arn.split(":")[4] == account and arn not in {role.arn for role in iam_backends[account][partition].get_roles()}:
        refuse(f"Role provided in the request does not exist: {arn}")


def check_subnets(account: str, region: str, subnets: Sequence[str], *, zones: int = _ZONES) -> str:
    """Refuse subnets that do not exist or lie in too few zones; return their VPC."""
    found: list[Any] = []
    for subnet in subnets:
        try:
            found.append(ec2_backends[account][region].get_subnet(subnet))
        except ServiceException:
            refuse(f"The subnet ID '{subnet}' does not exist (Service: Ec2)")
    if len({subnet.availability_zone for subnet in found}) < zones:
        refuse("Subnets specified must be in at least two different AZs")
    if len({subnet.vpc_id for subnet in found}) != 1:
        refuse("Subnets specified must be in the same VPC")
    return found[0].vpc_id


def check_security_groups(account: str, region: str, groups: Sequence[str]) -> None:
    """Refuse security groups that do not exist."""
    for group in groups:
        if ec2_backends[account][region].get_security_group_from_id(group) is None:
            refuse(f"The security group '{group}' does not exist (Service: Ec2)")


def check_key(account: str, region: str, arn: str) -> None:
    """Refuse an encryption key that does not exist."""
    keys = kms_backends[account][region].keys
    if arn.rsplit("/", maxsplit=1)[-1] not in keys:
        refuse(f"The keyArn in encryptionConfig provider {arn} is invalid")


def refuse(message: str) -> NoReturn:
    """Raise what EKS answers to a parameter that it does not take."""
    raise InvalidParameterException(message=message)


def _trusted(account: str, partition: str, arn: str) -> set[str]:
    """Return the services that a role trusts; nothing if there is no such role."""
    try:
        role = iam_backends[account][partition].get_role_by_arn(arn)
    except NotFoundException:
        return set()
    return trusted_services(role.assume_role_policy_document)
