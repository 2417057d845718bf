"""The account's role for spot instances: made once, and said why where it cannot be."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from click.testing import CliRunner

from mlplatform.local.aws.process import LocalAws
from mlplatform.local.cluster.ports import free_ports
from mlplatform.ops.main import main
from mlplatform.ops.spot_role import ensure_spot_role

PRINCIPAL = "spot.amazonaws.com"


def iam(endpoint: str | None = None) -> Any:
    session: Any = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-west-2")  # noqa: S106 - no secret
    return session.client("iam", endpoint_url=endpoint)


@pytest.fixture
def stubbed() -> Iterator[tuple[Any, Stubber]]:
    client = iam()
    with Stubber(client) as stubber:
        yield client, stubber
    client.close()


def test_a_second_attempt_finds_it_there() -> None:
    with LocalAws(account="123456789012", seed=1) as aws:
        client = iam(aws.endpoint)
        assert [ensure_spot_role(client, PRINCIPAL), ensure_spot_role(client, PRINCIPAL)] == [True, False]
        client.close()


def test_iams_own_words_for_a_role_that_is_there_are_no_failure(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    words = "Service role name AWSServiceRoleForEC2Spot has been taken in this account, please try a different suffix."
    stubber.add_client_error("create_service_linked_role", "InvalidInput", words)
    assert ensure_spot_role(client, PRINCIPAL) is False


def test_any_other_refusal_is_one(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    stubber.add_client_error("create_service_linked_role", "AccessDenied", "not authorized to perform iam:CreateServiceLinkedRole")
    with pytest.raises(ClientError, match="not authorized"):
        ensure_spot_role(client, PRINCIPAL)


def test_bootstrap_names_the_call_that_somebody_else_can_make() -> None:
    [closed] = free_ports(1)
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{closed}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_MAX_ATTEMPTS": "1",
    }
    refused = CliRunner().invoke(main, ["bootstrap", "china-dev"], env=environment)
    assert refused.exit_code == 3
    assert "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com" in refused.stderr
