"""A lab in each partition, cleared after every test."""

from collections.abc import Generator

import pytest

from mlplatform.local.cluster.catalogue import ProgramPaths
from tests.cluster.karpenter.lab import Lab

CHINA, GLOBAL = "cn-north-1", "us-west-2"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_partitions: runs in a region of each partition")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "region" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_partitions")
        metafunc.parametrize("region", [CHINA, GLOBAL] if both else [CHINA], scope="package")


# Closed with the folder's last test: others empty the local AWS of this process, under which a lab could not go on.
@pytest.fixture(scope="package")
def session_lab(region: str, programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Lab]:
    """The lab of a region, with the control plane and Karpenter's release but without a running Karpenter."""
    lab = Lab(region, tmp_path_factory.mktemp("lab"), programs)
    yield lab
    lab.close()


@pytest.fixture
def lab(session_lab: Lab) -> Generator[Lab]:
    """The lab, in which no node may have drifted when the test ends."""
    yield session_lab
    drifted = session_lab.drifted()
    session_lab.clear()
    assert drifted == []
