"""What Karpenter gets of AWS, compared statement by statement with what its documentation grants."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mlplatform.config.names import Names
from mlplatform.constructs.karpenter import EVENTS
from mlplatform.local.iam import location, policies_of_role
from tests.constructs.karpenter_index import listed, normalised
from tests.constructs.karpenter_stack import ACCOUNT, names_of
from tests.constructs.karpenter_stack import template as synthesised

REGION_OF = {"china-dev": "cn-north-1", "global-prod": "us-west-2"}
KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
INDEX: list[dict[str, Any]] = json.loads((Path(__file__).parent / "karpenter_statements.json").read_text())
DIFFERENCES = {
    "AllowDiskKeys": "a pool's disk may name a KMS key of one's own, which whoever launches the instance must be able to use",
    "AllowDiskKeyGrants": "EC2 attaches an encrypted disk by a grant that whoever launches the instance makes for it",
}
"""Statements of ours that upstream has not, each with its reason; there are none with a key that is EBS's own."""

in_both_partitions = pytest.mark.parametrize("environment", REGION_OF)


def names(environment: str) -> Names:
    return names_of(environment, REGION_OF[environment])


def template(environment: str, kms_keys: tuple[str, ...] = (), *, with_profile: bool = False) -> Mapping[str, Any]:
    return synthesised(environment, REGION_OF[environment], kms_keys, with_profile=with_profile)


def one(environment: str, resource_type: str, named: str = "") -> dict[str, Any]:
    found = [
        resource["Properties"]
        for logical_id, resource in template(environment)["Resources"].items()
        if resource["Type"] == resource_type and named in logical_id
    ]
    assert len(found) == 1
    return found[0]


def granted(environment: str, kms_keys: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return the controller's statements as IAM gets them, in the index's form."""
    own = names(environment)
    here = location(ACCOUNT, own.place.name)
    [policy] = policies_of_role(template(environment, kms_keys), own.role("karpenter"), here)
    return [
        {
            "id": statement["Sid"],
            "effect": statement["Effect"],
            "actions": listed(statement["Action"]),
            "resources": listed(statement["Resource"]),
            "conditions": normalised(statement.get("Condition", {})),
        }
        for statement in policy.document["Statement"]
    ]


def upstream(environment: str) -> list[dict[str, Any]]:
    """Return upstream's statements with its variables filled in for an environment."""
    own = names(environment)
    partition, region = own.place.partition.name, own.place.name
    variables = {
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::AccountId": ACCOUNT,
        "ClusterName": own.cluster,
        "KarpenterNodeRole.Arn": own.role_arn("pool-nodes"),
        "KarpenterInterruptionQueue.Arn": f"arn:{partition}:sqs:{region}:{ACCOUNT}:{own.interruption_queue}",
    }
    text = json.dumps([{key: value for key, value in statement.items() if key != "policy"} for statement in INDEX])
    for name, value in variables.items():
        text = text.replace(f"${{{name}}}", value)
    return json.loads(text)


@in_both_partitions
def test_the_controller_may_do_what_upstream_grants_it_and_nothing_else(environment: str) -> None:
    ours, theirs = ({statement["id"]: statement for statement in every} for every in (granted(environment), upstream(environment)))
    assert "${" not in json.dumps(theirs)
    assert ours == theirs


def test_a_key_for_disks_is_the_one_difference_and_has_a_reason() -> None:
    added = [statement for statement in granted("china-dev", (KEY,)) if statement not in upstream("china-dev")]
    assert {statement["id"] for statement in added} == set(DIFFERENCES)
    for statement in added:
        assert statement["resources"] == [KEY]
        assert statement["conditions"]["StringEquals"] == {"kms:ViaService": ["ec2.cn-north-1.amazonaws.com.cn"]}


@in_both_partitions
def test_the_policies_fit_into_the_role(environment: str) -> None:
    own = names(environment)
    policies = policies_of_role(template(environment, (KEY, KEY[::-1])), own.role("karpenter"), location(ACCOUNT, own.place.name))
    size = sum(len(json.dumps(policy.document, separators=(",", ":"))) for policy in policies)
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: all inline policies of a role, without white space
    assert size + 30 * (20 - len(own.cluster)) < 10_240


def test_nodes_are_trusted_to_both_names_of_ec2_in_china() -> None:
    assert principals("china-dev") == ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]
    assert principals("global-prod") == ["ec2.amazonaws.com"]


def principals(environment: str) -> list[str]:
    statements = one(environment, "AWS::IAM::Role", "NodeRole")["AssumeRolePolicyDocument"]["Statement"]
    return sorted(service for statement in statements for service in listed(statement["Principal"]["Service"]))


def test_nodes_join_by_the_entry_of_their_role() -> None:
    entry = one("china-dev", "AWS::EKS::AccessEntry")
    [role] = [name for name in template("china-dev")["Resources"] if name.startswith("KarpenterNodeRole")]
    assert entry == {"ClusterName": "china-dev", "PrincipalArn": {"Fn::GetAtt": [role, "Arn"]}, "Type": "EC2_LINUX"}


def test_nodes_get_a_profile_by_their_roles_name_where_karpenter_cannot_make_one() -> None:
    def profiles(*, with_profile: bool) -> list[dict[str, Any]]:
        resources = template("global-prod", with_profile=with_profile)["Resources"].values()
        return [resource["Properties"] for resource in resources if resource["Type"] == "AWS::IAM::InstanceProfile"]

    [made] = profiles(with_profile=True)
    assert made["InstanceProfileName"] == names("global-prod").role("pool-nodes")
    assert profiles(with_profile=False) == []


@in_both_partitions
def test_the_queue_has_the_clusters_name_and_forgets_within_minutes(environment: str) -> None:
    assert one(environment, "AWS::SQS::Queue") == {
        "QueueName": environment,
        "MessageRetentionPeriod": 300,
        "SqsManagedSseEnabled": True,
    }


@in_both_partitions
def test_five_rules_bring_what_the_controller_listens_to(environment: str) -> None:
    resources = template(environment)["Resources"].values()
    rules = [resource["Properties"] for resource in resources if resource["Type"] == "AWS::Events::Rule"]
    heard = {(rule["EventPattern"]["source"][0], rule["EventPattern"]["detail-type"][0]) for rule in rules}
    assert len(rules) == len(EVENTS)
    assert heard == {
        ("aws.health", "AWS Health Event"),
        ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
        ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
        ("aws.ec2", "EC2 Instance State-change Notification"),
        ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
    }
    [queue] = [name for name, resource in template(environment)["Resources"].items() if resource["Type"] == "AWS::SQS::Queue"]
    assert all(rule["Targets"][0]["Arn"] == {"Fn::GetAtt": [queue, "Arn"]} for rule in rules)


@in_both_partitions
def test_the_queue_takes_messages_of_its_own_rules_alone_and_none_in_the_clear(environment: str) -> None:
    allow, deny = one(environment, "AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"]
    rules = [name for name, resource in template(environment)["Resources"].items() if resource["Type"] == "AWS::Events::Rule"]
    assert (allow["Effect"], allow["Action"], allow["Principal"]) == ("Allow", "sqs:SendMessage", {"Service": "events.amazonaws.com"})
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": [{"Fn::GetAtt": [name, "Arn"]} for name in rules]}}
    assert (deny["Sid"], deny["Effect"], deny["Action"], deny["Principal"]) == ("DenyHTTP", "Deny", "sqs:*", {"AWS": "*"})
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
