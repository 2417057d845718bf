"""A grant is as narrow as AWS lets it be."""

import json
from typing import Any

import pytest

from tests.rules.templates import allow, broken, resource, role, template

KUBEFLOW = "system:serviceaccount:kubeflow"
ISSUER = "oidc.eks.cn-north-1.amazonaws.com.cn/id/X"


@pytest.mark.parametrize("action", ["*", "s3:*"])
def test_a_grant_of_everything_or_of_a_whole_service_is_refused(action: str) -> None:
    (violation,) = broken("wildcard-action", template(R=role(allow("sqs:SendMessage", action))))

    assert repr(action) in violation.message


def test_a_grant_of_everything_but_some_actions_is_refused() -> None:
    assert broken("wildcard-action", template(R=role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "a"})))


def test_a_denial_may_be_as_wide_as_it_likes() -> None:
    assert not broken("wildcard-action", template(R=role({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})))


def test_a_policy_of_a_bucket_is_read_as_well() -> None:
    document = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Principal": {"AWS": "x"}, "Resource": "a"}}

    assert broken("wildcard-action", template(P=resource("AWS::S3::BucketPolicy", PolicyDocument=document)))


@pytest.mark.parametrize(
    "actions", [["ec2:DescribeInstances"], ["ecr:GetAuthorizationToken", "pricing:GetProducts"], ["ec2:DescribeSubnet*"]]
)
def test_actions_that_aws_limits_to_no_resource_may_be_granted_on_all(actions: list[str]) -> None:
    assert not broken("wildcard-resource", template(R=role(allow(*actions, resource="*"))))


@pytest.mark.parametrize("action", ["s3:GetObject", "ec2:RunInstances", "ec2:Create*", "made:Up"])
def test_an_action_that_can_be_limited_is_refused_on_every_resource(action: str) -> None:
    (violation,) = broken("wildcard-resource", template(R=role(allow("ec2:DescribeInstances", action, resource=["*"]))))

    assert action.split(":", maxsplit=1)[0] in violation.message
    assert "ec2:DescribeInstances" not in violation.message


def test_an_asterisk_in_a_keys_policy_is_the_key_itself() -> None:
    document = {"Statement": [allow("kms:Decrypt", resource="*", Principal={"AWS": "x"})]}

    assert not broken("wildcard-resource", template(K=resource("AWS::KMS::Key", KeyPolicy=document)))


def pods(**compared: Any) -> dict[str, Any]:
    """Return a role for pods whose trust policy is written as one text, as PodRole writes it."""
    document = {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": {"Federated": "${provider}"},
                "Condition": {"StringEquals": {f"{ISSUER}:{key}": value for key, value in compared.items()}},
            }
        ]
    }
    return role(trust={"Fn::Sub": [json.dumps(document), {"provider": "x"}]})


@pytest.mark.parametrize("subject", [f"{KUBEFLOW}:ml-pipeline", [f"{KUBEFLOW}:controller", f"{KUBEFLOW}:agent"]])
def test_a_pods_role_for_named_service_accounts_is_accepted(subject: Any) -> None:
    assert not broken("unscoped-pod-role", template(R=pods(sub=subject, aud="sts.amazonaws.com")))


@pytest.mark.parametrize("subject", [{}, {"sub": f"{KUBEFLOW}:*"}, {"sub": "system:serviceaccount:*:x"}, {"sub": [f"{KUBEFLOW}:x", "*"]}])
def test_a_pods_role_that_unnamed_service_accounts_can_assume_is_refused(subject: dict[str, Any]) -> None:
    (violation,) = broken("unscoped-pod-role", template(R=pods(aud="sts.amazonaws.com", **subject)))

    assert "does not name" in violation.message


@pytest.mark.parametrize("audience", [{}, {"aud": "sts.amazonaws.com.cn"}])
def test_a_pods_role_is_for_awss_audience_which_is_the_same_in_china(audience: dict[str, str]) -> None:
    (violation,) = broken("unscoped-pod-role", template(R=pods(sub="system:serviceaccount:kubeflow:x", **audience)))

    assert "audience" in violation.message
