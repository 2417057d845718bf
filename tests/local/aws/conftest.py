"""One local AWS for all tests that talk to one; each test names what it makes after itself."""

import uuid
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlplatform.local.aws.process import LocalAws

ClientOf = Callable[[str, str], Any]
"""A boto3 client by service and region."""


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws(account="123456789012", seed=11, grace=5) as running:
        yield running


@pytest.fixture(scope="session")
def client(aws: LocalAws) -> ClientOf:
    @cache
    def make(service: str, region: str = "cn-north-1") -> Any:
        environment = aws.running.environment(region, base={})
        session: Any = boto3.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=region,
        )
        quick = Config(retries={"max_attempts": 0}, proxies={}, s3={"addressing_style": "path"})
        return session.client(service, endpoint_url=aws.endpoint, config=quick)

    return make


@pytest.fixture
def name() -> str:
    """A name that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}"
