"""One local AWS for all tests that record calls."""

from collections.abc import Iterator

import pytest

from mlplatform.local.aws.process import LocalAws
from tests.local.iam.recorded import ACCOUNT, Recorded


@pytest.fixture(scope="session")
def recorded() -> Iterator[Recorded]:
    with LocalAws(account=ACCOUNT, seed=1) as aws:
        yield Recorded(aws)
