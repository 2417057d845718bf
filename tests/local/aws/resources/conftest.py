"""A stack in each partition: whatever a type does, it does in both."""

from collections.abc import Iterator

import pytest

from mlplatform.local.aws.process import LocalAws
from tests.local.aws.resources.making import Stack


@pytest.fixture(params=["us-west-2", "cn-north-1"])
def stack(request: pytest.FixtureRequest, aws: LocalAws, name: str) -> Iterator[Stack]:
    made = Stack(aws.endpoint, request.param, name)
    yield made
    made.end()
