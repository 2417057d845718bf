"""Two tenants' namespaces in which the policies about pools act, as they do on AWS."""

import copy
from collections.abc import Generator, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.objects import Object
from mlplatform.manifests.tenants import pools
from mlplatform.manifests.tenants.namespace import POOLS
from tests.cluster.admission.pods import admitted, pod
from tests.cluster.cluster import Cluster, RefusedError
from tests.cluster.tenants.platform import Platform, prepared


@pytest.fixture(scope="module")
def restricted(cluster: Cluster, unrestricted: str) -> Generator[str]:
    """The namespace of a tenant that may run on pools `cpu` and `gpu`."""
    name = _namespace(cluster, {POOLS: "cpu,gpu"})
    made = [_narrowed(obj, [name, unrestricted]) for obj in pools.objects()]
    cluster.apply(*made)
    _await(cluster, name)
    yield name
    cluster.kubectl("delete", "namespace", name, "--wait=false")
    cluster.kubectl("delete", *(f"{obj['kind']}/{obj['metadata']['name']}" for obj in made))


@pytest.fixture(scope="module")
def unrestricted(cluster: Cluster) -> Generator[str]:
    """The namespace of a tenant that may run on every pool; policies act in it once `restricted` is there."""
    name = _namespace(cluster, {})
    yield name
    cluster.kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture(scope="module")
def unplaced(cluster: Cluster) -> Generator[str]:
    """The same tenant's namespace, in which something takes away again what puts its pods on pools."""
    name = _namespace(cluster, {POOLS: "cpu,gpu"})
    made = [_narrowed(obj, [name]) for obj in pools.objects() if obj["kind"].startswith("Validating")]
    cluster.apply(*made)
    for _ in range(100):
        try:
            admitted(cluster, name, pod())
        except RefusedError:
            break
    yield name
    cluster.kubectl("delete", "namespace", name, "--wait=false")
    cluster.kubectl("delete", *(f"{obj['kind']}/{obj['metadata']['name']}" for obj in made))


def _namespace(cluster: Cluster, annotations: Mapping[str, str]) -> str:
    name = f"test-{uuid4().hex[:12]}"
    metadata = {"name": name, "labels": dict(TENANT), "annotations": dict(annotations)}
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    cluster.wait("serviceaccount/default", "create", name)
    return name


def _narrowed(obj: Object, namespaces: list[str]) -> dict[str, Any]:
    """Return a policy or binding for these namespaces only: the cluster is shared."""
    made = copy.deepcopy(dict(obj))
    made["metadata"]["name"] += f"-{namespaces[0]}"
    if made["kind"].endswith("Binding"):
        made["spec"]["policyName"] = made["metadata"]["name"]
        return made
    here = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": namespaces}
    made["spec"]["matchConstraints"]["namespaceSelector"]["matchExpressions"] = [here]
    return made


def _await(cluster: Cluster, namespace: str) -> None:
    """Make pods until the policies act: the API server takes each up a moment after it was made, the one that refuses maybe first."""
    for _ in range(100):
        with suppress(RefusedError):
            if "affinity" in admitted(cluster, namespace, pod())["spec"]:
                return
    pytest.fail("the policies do not act")


@pytest.fixture(scope="session")
def platform(programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A cluster of these tests' own with everything that tenants need: roles and namespaces have the names that they have on AWS."""
    with prepared(programs, tmp_path_factory.mktemp("platform")) as made:
        yield made
