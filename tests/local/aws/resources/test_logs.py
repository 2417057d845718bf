"""Log groups, as CloudWatch Logs shows them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.resources.making import Stack, in_both_partitions


def shown(stack: Stack, name: str) -> dict[str, Any]:
    return stack.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]


@in_both_partitions
def test_a_log_group_keeps_events_for_a_time_under_a_key(stack: Stack) -> None:
    key = stack.key(Service=f"logs.{stack.region}.{stack.suffix}").attributes["Arn"]
    name = f"/aws/{stack.name}"
    made = stack.make("Logs::LogGroup", LogGroupName=name, RetentionInDays="30", KmsKeyId=key, Tags=[{"Key": "a", "Value": "b"}])
    assert made.attributes["Arn"] == stack.arn("logs", f"log-group:{name}:*")
    assert (shown(stack, name)["retentionInDays"], shown(stack, name)["kmsKeyId"]) == (30, key)
    stack.change(RetentionInDays=7, KmsKeyId=None, Tags=None)
    assert (shown(stack, name)["retentionInDays"], shown(stack, name).get("kmsKeyId")) == (7, None)
    tags = stack.client("logs").list_tags_for_resource(resourceArn=made.attributes["Arn"].removesuffix(":*"))["tags"]
    assert tags == {"team": "ml"}
    stack.change(RetentionInDays=None, KmsKeyId=key)
    assert ("retentionInDays" in shown(stack, name), shown(stack, name)["kmsKeyId"]) == (False, key)


def test_a_key_that_does_not_serve_logs_is_refused(stack: Stack) -> None:
    key = stack.key().attributes["Arn"]
    with pytest.raises(ClientError, match="does not exist or is not allowed to be used with LogGroup"):
        stack.make("Logs::LogGroup", KmsKeyId=key)
