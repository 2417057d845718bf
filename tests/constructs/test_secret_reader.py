"""The role that reads a namespace's secrets: which it may read, and how they are opened."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from mlplatform.constructs.pod_role import TokenIssuer
from mlplatform.constructs.secret_reader import SecretReader
from mlplatform.local.iam import location, policies_of_role
from tests.constructs.karpenter_stack import ACCOUNT, names_of

REGION_OF = {"china-dev": "cn-north-1", "global-prod": "us-west-2"}
SECRETS = ("china-dev/sign-in/client", "corporate/directory")


@cache
def template(environment: str, secrets: tuple[str, ...] = SECRETS) -> Mapping[str, Any]:
    region = REGION_OF[environment]
    stack = Stack(App(analytics_reporting=False), "stack", env=Environment(account=ACCOUNT, region=region))
    issuer = TokenIssuer("arn:aws:iam::123456789012:oidc-provider/issuer/id/ABC", "issuer/id/ABC")
    SecretReader(stack, "Secrets", names=names_of(environment, region), issuer=issuer, namespace="auth", secrets=secrets)
    return Template.from_stack(stack).to_json()


def statements(environment: str) -> list[dict[str, Any]]:
    own = names_of(environment, REGION_OF[environment])
    [policy] = policies_of_role(template(environment), own.role("secrets-auth"), location(ACCOUNT, own.place.name))
    return policy.document["Statement"]


@pytest.mark.parametrize(("environment", "partition"), [("china-dev", "aws-cn"), ("global-prod", "aws")])
def test_the_named_secrets_are_read_and_no_others(environment: str, partition: str) -> None:
    here = f"arn:{partition}:secretsmanager:{REGION_OF[environment]}:{ACCOUNT}:secret:"
    read, _ = statements(environment)
    assert read["Action"] == "secretsmanager:GetSecretValue"
    assert read["Resource"] == [f"{here}china-dev/sign-in/client-??????", f"{here}corporate/directory-??????"]


@pytest.mark.parametrize(("environment", "suffix"), [("china-dev", "amazonaws.com.cn"), ("global-prod", "amazonaws.com")])
def test_a_key_opens_these_secrets_through_secrets_manager_and_nothing_else(environment: str, suffix: str) -> None:
    read, decrypt = statements(environment)
    assert decrypt["Action"] == "kms:Decrypt"
    assert decrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": f"secretsmanager.{REGION_OF[environment]}.{suffix}"},
        "StringLike": {"kms:EncryptionContext:SecretARN": read["Resource"]},
    }


@pytest.mark.parametrize("secrets", [(), ("china-dev/*",), ("sign-in/clien?",)])
def test_a_role_without_named_secrets_is_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"stack/Secrets: .*name each of them"):
        template("china-dev", secrets)
