"""Keys and aliases, as KMS shows them."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.resources.making import ACCOUNT, Stack, allowing, as_map, in_both_partitions


@in_both_partitions
def test_a_key_has_its_policy_rotation_and_tags(stack: Stack) -> None:
    policy = allowing("kms:*", Principal={"AWS": ACCOUNT})
    made = stack.make("KMS::Key", KeyPolicy=policy, EnableKeyRotation="true", Description="d", Tags=[{"Key": "a", "Value": "b"}])
    kms, key = stack.client("kms"), made.physical_id
    assert made.attributes["Arn"] == stack.arn("kms", f"key/{key}")
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]) == policy
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
    assert as_map(kms.list_resource_tags(KeyId=key)["Tags"]) == {"team": "ml", "a": "b"}


def test_a_key_changes_in_place(stack: Stack) -> None:
    key = stack.key("Thing").physical_id
    policy = allowing("kms:*", Principal={"Service": "logs.amazonaws.com"})
    stack.change(KeyPolicy=policy, EnableKeyRotation=True, Description="e", Enabled=False)
    kms = stack.client("kms")
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]) == policy
    described = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert (described["Description"], described["Enabled"]) == ("e", False)
    stack.change(Enabled=True, EnableKeyRotation=None)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"] is True
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


def test_a_deleted_key_waits_for_its_end(stack: Stack) -> None:
    key = stack.key("Thing").physical_id
    stack.remove()
    assert stack.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_an_alias_points_at_another_key(stack: Stack) -> None:
    first, second = stack.key("A").physical_id, stack.key("B").physical_id
    alias = stack.make("KMS::Alias", AliasName=f"alias/{stack.name}", TargetKeyId=first).physical_id
    stack.change(TargetKeyId=second)
    kms = stack.client("kms")
    assert kms.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"] == second
    stack.remove()
    with pytest.raises(ClientError, match="NotFound"):
        kms.describe_key(KeyId=alias)
