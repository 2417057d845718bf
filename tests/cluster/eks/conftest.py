"""One local AWS with real clusters for the tests of this folder that a worker runs."""

from collections.abc import Generator

import pytest

from mlplatform.local.aws.process import LocalAws
from mlplatform.local.cluster.catalogue import ProgramPaths
from tests.cluster.eks.cloud import ACCOUNT


@pytest.fixture(scope="session")
def aws(programs: ProgramPaths) -> Generator[LocalAws]:
    """A local AWS whose clusters are real."""
    assert programs
    with LocalAws(account=ACCOUNT, seed=7, cluster=True) as running:
        yield running
