"""Decisions on single requests: which statement decided, and why others did not."""

from typing import Any

import pytest

from mlplatform.local.iam import Outcome, Policy, Request, SimulationError, evaluate

ROLE = "arn:aws-cn:iam::123456789012:role/worker"
OBJECT = "arn:aws-cn:s3:::artifacts/team-a/model"


def request(action: str = "s3:GetObject", resource: str = OBJECT, **context: str) -> Request:
    return Request(action, resource, ROLE, "123456789012", context)


def policy(*statements: dict[str, Any]) -> Policy:
    return Policy("permissions", {"Version": "2012-10-17", "Statement": list(statements)})


READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws-cn:s3:::artifacts/team-a/*"}


def test_a_request_is_allowed_by_the_statement_that_names_it() -> None:
    [decision] = evaluate([request()], [policy(READ)])
    assert decision.allowed
    assert [str(statement) for statement in decision.by] == ["permissions/Read"]
    assert decision.resource_type == "object"


def test_a_denial_for_want_of_a_statement_names_the_nearest_and_what_it_wants() -> None:
    decisions = evaluate([request(resource="arn:aws-cn:s3:::artifacts/team-b/model"), request("s3:PutObject")], [policy(READ)])
    assert [decision.outcome for decision in decisions] == [Outcome.IMPLICITLY_DENIED] * 2
    assert [str(decision).partition("nearest: ")[2] for decision in decisions] == [
        "permissions/Read (its resources are arn:aws-cn:s3:::artifacts/team-a/*)",
        "none names the action",
    ]


def test_an_unmet_condition_is_named_with_what_it_found() -> None:
    conditional = {**READ, "Condition": {"StringEquals": {"aws:RequestedRegion": "cn-north-1"}}}
    decisions = evaluate([request(**{"aws:RequestedRegion": "cn-northwest-1"}), request()], [policy(conditional)])
    assert [statement.because for decision in decisions for statement in decision.nearly] == [
        'aws:RequestedRegion is "cn-northwest-1", StringEquals wants cn-north-1',
        "aws:RequestedRegion is absent, StringEquals wants cn-north-1",
    ]


def test_a_deny_wins_over_an_allow_of_another_policy() -> None:
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    decisions = evaluate(
        [request(**{"aws:SecureTransport": "false"}), request(**{"aws:SecureTransport": "true"})],
        [policy(READ), Policy("guard", {"Version": "2012-10-17", "Statement": [deny]})],
    )
    assert [decision.outcome for decision in decisions] == [Outcome.EXPLICITLY_DENIED, Outcome.ALLOWED]
    assert str(decisions[0]).endswith("denied by guard/1")


def test_without_policies_everything_is_denied_and_nothing_asked_is_nothing_decided() -> None:
    assert [decision.allowed for decision in evaluate([request()], [])] == [False]
    assert evaluate([], [policy(READ)]) == []


def test_a_key_that_the_action_does_not_know_is_reported() -> None:
    [decision] = evaluate([request(**{"ec2:CreateAction": "RunInstances"})], [policy(READ)])
    assert decision.unknown_keys == ("ec2:CreateAction",)


def test_equal_requests_get_equal_decisions_in_the_order_asked() -> None:
    decisions = evaluate([request(), request("s3:PutObject"), request()], [policy(READ)])
    assert [decision.allowed for decision in decisions] == [True, False, True]


def test_parameters_of_aws_itself_are_in_no_account() -> None:
    public = "arn:aws-cn:ssm:cn-north-1::parameter/aws/service/eks/image_id"
    allow = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "arn:aws-cn:ssm:cn-north-1::parameter/aws/service/*"}
    own = {**allow, "Resource": "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/aws/service/*"}
    asked = [request("ssm:GetParameter", public)]
    assert evaluate(asked, [policy(allow)])[0].allowed
    [refused] = evaluate(asked, [policy(own)])
    assert not refused.allowed
    assert str(refused.request.resource) == public


def test_requests_and_policies_that_iam_does_not_know_are_all_named() -> None:
    asked = [request("s3:Frobnicate"), request("ec2:DescribeInstances"), request(resource="arn:aws-cn:sqs:cn-north-1:123456789012:queue")]
    with pytest.raises(SimulationError) as refused:
        evaluate(asked, [policy(READ)])
    assert str(refused.value).splitlines() == [
        f"s3:Frobnicate on {OBJECT}: IAM has no such action",
        f"ec2:DescribeInstances on {OBJECT}: the action knows no resources; ask for *",
        "s3:GetObject on arn:aws-cn:sqs:cn-north-1:123456789012:queue: the action knows no resource of this form",
    ]
    with pytest.raises(SimulationError, match=r"a policy is malformed; permissions: Statement\[0\].Effect"):
        evaluate([request()], [policy({**READ, "Effect": "Perhaps"})])


KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/11111111-2222-3333-4444-555555555555"


def test_a_key_is_used_in_the_contexts_that_a_policy_names_and_in_no_others() -> None:
    bucket, secret = "kms:EncryptionContext:aws:s3:arn", "kms:EncryptionContext:SecretARN"
    conditions = {"StringEquals": {bucket: "arn:aws-cn:s3:::artifacts"}, "StringLike": {secret: "arn:aws-cn:secretsmanager:*:a-??????"}}
    one_each = [
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY, "Condition": {key: value}} for key, value in conditions.items()
    ]
    asked = [
        request("kms:Decrypt", KEY, **{bucket: "arn:aws-cn:s3:::artifacts"}),
        request("kms:Decrypt", KEY, **{secret: "arn:aws-cn:secretsmanager:cn-north-1:a-123456"}),
        request("kms:Decrypt", KEY, **{secret: "arn:aws-cn:s3:::artifacts"}),
        request("kms:Decrypt", KEY),
        request("kms:GenerateDataKey", KEY, **{bucket: "arn:aws-cn:s3:::artifacts"}),
    ]
    decisions = evaluate(asked, [policy(*one_each)])
    assert [decision.allowed for decision in decisions] == [True, True, False, False, False]
    assert [decision.unknown_keys for decision in decisions] == [()] * len(asked)
    assert "kms:EncryptionContext:aws:s3:arn is absent" in str(decisions[3])
