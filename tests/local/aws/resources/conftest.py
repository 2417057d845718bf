"""A stack for each test, in one partition or the other, or in both where the two differ."""

from collections.abc import Iterator
from zlib import crc32

import pytest

from mlplatform.local.aws.process import LocalAws
from tests.local.aws.resources.making import REGIONS_PLAYED, Stack


@pytest.fixture
def stack(request: pytest.FixtureRequest, aws: LocalAws, name: str) -> Iterator[Stack]:
    """What does not depend on the partition is tested in one that the test's own name decides."""
    decided = REGIONS_PLAYED[crc32(request.node.nodeid.encode()) % len(REGIONS_PLAYED)]
    made = Stack(aws.endpoint, getattr(request, "param", decided), name)
    yield made
    made.end()
