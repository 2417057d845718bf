"""AWS's managed policies, as they are attached in a partition.

Separate because the texts are AWS's: moto bundles those of the global partition, and elsewhere only the ARNs in them differ.
"""

import json
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from mlplatform.config.partitions import Partition
from mlplatform.local.iam.model import Policy


class UnknownPolicyError(Exception):
    """A policy that AWS has not in that partition, as far as is known here."""


def managed_policy(arn: str, partition: Partition) -> Policy:
    """Return the AWS managed policy of that ARN (`arn:aws-cn:iam::aws:policy/service-role/Name`).

    Raises:
        UnknownPolicyError: There is none of that name, or the partition has it not.
    """
    name = arn.rpartition("/")[2]
    if arn.split(":")[1] != partition.name:
        raise UnknownPolicyError(f"{arn} is not of partition {partition.name}; build ARNs with AWS::Partition")
    if name in partition.missing_managed_policies:
        raise UnknownPolicyError(f"{arn}: {partition.name} has no {name}; attach statements of your own there")
    if name not in _texts():
        raise UnknownPolicyError(f"{arn}: AWS has no managed policy {name} that is known here; check the name")
    entry = _texts()[name]
    if arn != f"arn:{partition.name}:iam::aws:policy{entry['Path']}{name}":
        raise UnknownPolicyError(f"{arn}: the path of {name} is {entry['Path']}; write it into the ARN")
    text = json.dumps(entry["Document"])
    return Policy(name, json.loads(text.replace("arn:aws:", f"arn:{partition.name}:")))


@cache
def _texts() -> dict[str, Any]:
    return json.loads(aws_managed_policies_data)
