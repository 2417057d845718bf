"""A pod's role: who assumes it, under which name, with which rights."""

import json
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from mlplatform.constructs.pod_role import PodRole, ServiceAccounts, TokenIssuer

ISSUER = TokenIssuer(
    provider_arn="arn:aws-cn:iam::123456789012:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC",
    host="oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC",
)
READ = iam.PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws-cn:s3:::models/*"])


def role(*accounts: str, **permissions: Any) -> dict[str, Any]:
    """Return the properties of a role for service accounts of the namespace `kubeflow`."""
    stack = Stack(App(analytics_reporting=False), "stack")
    PodRole(stack, "Role", role_name="china-dev-kfp", issuer=ISSUER, service_accounts=ServiceAccounts("kubeflow", accounts), **permissions)
    [found] = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    return found["Properties"]


def trust(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the trust policy as CloudFormation resolves it."""
    text, values = properties["AssumeRolePolicyDocument"]["Fn::Sub"]
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return json.loads(text)


def test_one_service_account_of_one_cluster_assumes_the_role() -> None:
    [statement] = trust(role("pipeline-runner"))["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Federated": ISSUER.provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{ISSUER.host}:aud": "sts.amazonaws.com",
                f"{ISSUER.host}:sub": "system:serviceaccount:kubeflow:pipeline-runner",
            }
        },
    }


def test_a_controller_and_its_agents_can_share_a_role_by_name() -> None:
    [statement] = trust(role("controller", "node"))["Statement"]
    assert statement["Condition"]["StringEquals"][f"{ISSUER.host}:sub"] == [
        "system:serviceaccount:kubeflow:controller",
        "system:serviceaccount:kubeflow:node",
    ]


@pytest.mark.parametrize("account", ["*", "efs-csi-*", "runne?"])
def test_a_wildcard_is_refused_with_the_constructs_path(account: str) -> None:
    with pytest.raises(ValueError, match=r"stack/Role: .*named service accounts"):
        role(account)


def test_a_role_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="name each of them"):
        role()


def test_the_role_has_the_name_that_kubernetes_objects_spell() -> None:
    assert role("pipeline-runner")["RoleName"] == "china-dev-kfp"


def test_the_role_may_do_what_it_is_given_and_no_more() -> None:
    [policy] = role("pipeline-runner", statements=[READ])["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [READ.to_json()]
    assert "Policies" not in role("pipeline-runner")


def test_a_managed_policy_is_found_in_the_partition_that_the_stack_is_in() -> None:
    [arn] = role("aws-node", managed_policies=["AmazonEKS_CNI_Policy"])["ManagedPolicyArns"]
    assert arn == {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AmazonEKS_CNI_Policy"]]}
