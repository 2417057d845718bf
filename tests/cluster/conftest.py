"""A cluster for every test in this folder: the local control plane, or the one whose kubeconfig MLP_KUBECONFIG names.

`MLP_CLUSTER=off` leaves these tests out.
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mlplatform.local.cluster.api import Api
from mlplatform.local.cluster.build import ProgramsUnavailableError, build
from mlplatform.local.cluster.catalogue import APISERVER, ProgramPaths
from mlplatform.local.cluster.kubeconfig import read_kubeconfig
from mlplatform.local.cluster.nodes import Nodes
from tests.cluster.cluster import Cluster
from tests.cluster.shared_plane import shared_plane

HERE = Path(__file__).parent
SWITCH = "MLP_CLUSTER"
OTHER_CLUSTER = "MLP_KUBECONFIG"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mine = [item for item in items if HERE in item.path.parents]
    for item in mine:
        item.add_marker(pytest.mark.cluster)
    if os.environ.get(SWITCH) == "off":
        config.hook.pytest_deselected(items=mine)
        items[:] = [item for item in items if item not in mine]


@pytest.fixture(scope="session")
def programs(pytestconfig: pytest.Config) -> ProgramPaths:
    """The control plane's programs, built where they are missing: that takes minutes, once."""
    reporter: Any = pytestconfig.pluginmanager.getplugin("terminalreporter")  # a worker of xdist has none
    try:
        return build(reporter.write_line if reporter else print)
    except ProgramsUnavailableError as error:
        pytest.skip(f"NO CLUSTER: {error}")


@pytest.fixture(scope="session")
def plane_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the shared plane of this run is, whichever worker asks."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "shared-plane"


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Generator[Cluster]:
    """The cluster, as its administrator; shared by all tests of the run."""
    if other := os.environ.get(OTHER_CLUSTER):
        yield Cluster(Path(other), local=False)
        return
    request.getfixturevalue("programs")
    with shared_plane(request.getfixturevalue("plane_folder")) as kubeconfig:
        yield Cluster(kubeconfig, local=True)


@pytest.fixture
def local_cluster(cluster: Cluster) -> Cluster:
    """The cluster, for tests of what kwok and the local control plane do."""
    if not cluster.local:
        pytest.skip(f"the cluster of {OTHER_CLUSTER} is not played here")
    return cluster


@pytest.fixture
def namespace(cluster: Cluster) -> Generator[str]:
    """A namespace of the test's own."""
    name = f"test-{uuid4().hex[:12]}"
    cluster.kubectl("create", "namespace", name)
    # Without it pods are refused, and it is there a moment after its namespace.
    cluster.wait("serviceaccount/default", "create", name)
    yield name
    cluster.kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture
def nodes(local_cluster: Cluster) -> Nodes:
    """The cluster's nodes, to add to and to take from."""
    return Nodes(Api(*read_kubeconfig(local_cluster.kubeconfig)), APISERVER.version)
