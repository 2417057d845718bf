"""Resources made, changed and removed by their types, as the stack engine does it."""

from typing import Any

import pytest

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.resources import RESOURCE_TYPES
from mlplatform.local.aws.resources.contract import Applied, Place, Properties

ACCOUNT = "123456789012"
REGIONS_PLAYED = ("us-west-2", "cn-north-1")
in_both_partitions = pytest.mark.parametrize("stack", REGIONS_PLAYED, indirect=True)
"""For tests of what differs between the partitions."""


class Stack:
    """A stack of one test in one region; every resource of it is deleted, in reverse, when the test is over."""

    def __init__(self, endpoint: str, region: str, name: str) -> None:
        self.endpoint, self.region, self.name = endpoint, region, name
        partition = REGIONS[region].partition
        self.partition, self.suffix = partition.name, partition.url_suffix
        self.tags: dict[str, str] = {"team": "ml"}
        self._made: dict[str, tuple[str, Applied, Properties]] = {}

    def place(self, logical_id: str, previous_tags: dict[str, str] | None = None) -> Place:
        """Return where a resource is made."""
        return Place(
            account=ACCOUNT,
            region=self.region,
            partition=self.partition,
            url_suffix=self.suffix,
            stack_name=self.name,
            stack_id=f"arn:{self.partition}:cloudformation:{self.region}:{ACCOUNT}:stack/{self.name}/1",
            logical_id=logical_id,
            resource_type="",
            endpoint=self.endpoint,
            tags=self.tags,
            previous_tags=self.tags if previous_tags is None else previous_tags,
        )

    def client(self, service: str) -> Any:
        """Return a client that shows what is there."""
        return self.place("").client(service)

    def arn(self, service: str, rest: str) -> str:
        """Return an ARN of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{ACCOUNT}:{rest}"

    def make(self, type_: str, logical_id: str = "Thing", /, **properties: Any) -> Applied:
        """Create a resource; `type_` is without `AWS::`."""
        applied = RESOURCE_TYPES[f"AWS::{type_}"].create(self.place(logical_id), properties)
        self._made[logical_id] = (type_, applied, properties)
        return applied

    def change(self, logical_id: str = "Thing", /, previous_tags: dict[str, str] | None = None, **changes: Any) -> Applied:
        """Update a resource: the named properties become as given, None takes one away."""
        type_, current, previous = self._made[logical_id]
        properties = {key: value for key, value in {**previous, **changes}.items() if value is not None}
        applied = RESOURCE_TYPES[f"AWS::{type_}"].update(self.place(logical_id, previous_tags), current, properties, previous)
        self._made[logical_id] = (type_, applied, properties)
        return applied

    def remove(self, logical_id: str = "Thing", /) -> None:
        """Delete a resource."""
        type_, applied, properties = self._made.pop(logical_id)
        RESOURCE_TYPES[f"AWS::{type_}"].delete(self.place(logical_id), applied, properties)

    def remove_again(self, type_: str, applied: Applied, **properties: Any) -> None:
        """Delete a resource that is gone already."""
        RESOURCE_TYPES[f"AWS::{type_}"].delete(self.place(""), applied, properties)

    def end(self) -> None:
        """Delete what is left."""
        for logical_id in reversed(list(self._made)):
            self.remove(logical_id)

    def role(self, service: str = "lambda.amazonaws.com", logical_id: str = "Role", **more: Any) -> Applied:
        """Make a role that services trust."""
        return self.make("IAM::Role", logical_id, AssumeRolePolicyDocument=trusting(service), **more)

    def key(self, logical_id: str = "Key", **principal: str) -> Applied:
        """Make a key."""
        statement = {"Effect": "Allow", "Principal": principal or {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"}
        return self.make("KMS::Key", logical_id, KeyPolicy={"Version": "2012-10-17", "Statement": [statement]})

    def subnets(self, count: int = 2) -> list[str]:
        """Make a VPC and one subnet in each of some zones; `Vpc` is the VPC's logical id."""
        vpc = self.make("EC2::VPC", "Vpc", CidrBlock="10.0.0.0/16", EnableDnsHostnames=True).physical_id
        zones = REGIONS[self.region].zones[:count]
        made = [
            self.make("EC2::Subnet", f"Subnet{index}", VpcId=vpc, CidrBlock=f"10.0.{16 * index}.0/20", AvailabilityZone=zone)
            for index, zone in enumerate(zones)
        ]
        return [subnet.physical_id for subnet in made]

    @property
    def vpc(self) -> str:
        """The VPC that `subnets` made."""
        return self._made["Vpc"][1].physical_id

    def group(self, logical_id: str = "Group", **more: Any) -> str:
        """Make a security group in that VPC."""
        return self.make("EC2::SecurityGroup", logical_id, VpcId=self.vpc, GroupDescription="g", **more).physical_id


def trusting(*services: str) -> dict[str, Any]:
    """Return a trust policy."""
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def allowing(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    """Return a policy that allows actions."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}]}


def as_map(tags: list[dict[str, str]]) -> dict[str, str]:
    """Return tags by key, whichever case a service spells them in."""
    return {
        tag.get("Key", tag.get("key", tag.get("TagKey", ""))): tag.get("Value", tag.get("value", tag.get("TagValue", ""))) for tag in tags
    }
