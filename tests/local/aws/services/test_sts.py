import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from mlplatform.local.aws import services

# Queries' services have errors that botocore's models do not list; the server leaves this warning out too.
pytestmark = pytest.mark.filterwarnings("ignore:Exception.*does not match an error shape")
ISSUER = "oidc.eks.cn-north-1.amazonaws.com.cn/id/0123456789ABCDEF0123456789ABCDEF"
PROVIDER = f"arn:aws-cn:iam::123456789012:oidc-provider/{ISSUER}"
SUBJECT = "system:serviceaccount:kube-system:karpenter"
ROLE = "arn:aws-cn:iam::123456789012:role/karpenter"


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    services.install()
    with mock_aws():
        yield


def client(service: str) -> Any:
    session: Any = boto3.Session(region_name="cn-north-1")
    return session.client(service)


def token(**claims: Any) -> str:
    said = {"iss": f"https://{ISSUER}", "sub": SUBJECT, "aud": ["sts.amazonaws.com"], "exp": time.time() + 60} | claims
    body = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"e30.{body}.signature"


def make_role(**condition: Any) -> None:
    wanted = {f"{ISSUER}:sub": SUBJECT, f"{ISSUER}:aud": "sts.amazonaws.com"} | condition
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": PROVIDER},
        "Condition": {"StringEquals": wanted},
    }
    client("iam").create_role(
        RoleName="karpenter", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )


def make_provider(audience: str = "sts.amazonaws.com") -> None:
    client("iam").create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=[audience], ThumbprintList=[])


def assume(web_identity: str, role: str = ROLE) -> dict[str, Any]:
    return client("sts").assume_role_with_web_identity(RoleArn=role, RoleSessionName="pod", WebIdentityToken=web_identity)


def refused(web_identity: str, role: str = ROLE) -> str:
    with pytest.raises(ClientError) as error:
        assume(web_identity, role)
    return str(error.value)


def test_a_pod_gets_the_credentials_of_a_role_that_trusts_its_service_account() -> None:
    make_provider()
    make_role()
    answer = assume(token())
    assert answer["SubjectFromWebIdentityToken"] == SUBJECT
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws-cn:sts::123456789012:assumed-role/karpenter/pod"
    keys = answer["Credentials"]
    session: Any = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name="cn-north-1")
    assert session.client("sts").get_caller_identity()["Arn"] == answer["AssumedRoleUser"]["Arn"]


def test_another_service_account_gets_nothing() -> None:
    make_provider()
    make_role()
    assert "Not authorized to perform sts:AssumeRoleWithWebIdentity" in refused(token(sub="system:serviceaccount:default:karpenter"))


def test_a_subject_with_a_wildcard_is_taken_literally_by_string_equals() -> None:
    make_provider()
    make_role(**{f"{ISSUER}:sub": "system:serviceaccount:*:karpenter"})
    assert "Not authorized" in refused(token())


def test_a_role_that_does_not_exist_is_not_given() -> None:
    make_provider()
    assert "Not authorized" in refused(token())


def test_a_token_of_an_issuer_without_a_provider_is_refused() -> None:
    make_role()
    assert f"No OpenIDConnect provider found in your account for https://{ISSUER}" in refused(token())


def test_a_token_for_another_audience_is_refused() -> None:
    make_provider("somebody-else")
    make_role()
    assert "Incorrect token audience" in refused(token())


def test_an_expired_token_and_one_that_is_none_are_refused() -> None:
    make_provider()
    make_role()
    assert "ExpiredTokenException" in refused(token(exp=1))
    assert "not a valid JWT" in refused("not-a-token")
