"""Namespaces in which an environment's policies act, as they do on AWS."""

import copy
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from mlplatform.config.load import load
from mlplatform.manifests.compute import admission
from mlplatform.manifests.compute.labels import TENANT
from tests.cluster.admission.pods import ONE_GPU, TOLERATION, admitted, debug, disturbed, images, pod
from tests.cluster.cluster import Cluster, Object


@pytest.fixture(scope="module")
def bystander(cluster: Cluster) -> Generator[str]:
    """A namespace that is no tenant's."""
    with new_namespace(cluster) as name:
        yield name


@pytest.fixture(scope="module")
def tenant(cluster: Cluster, bystander: str) -> Generator[str]:
    """A tenant's namespace, in which the policies act."""
    with new_namespace(cluster, TENANT) as name, policies(cluster, name, bystander, "kube-system"):
        yield name


@contextmanager
def new_namespace(cluster: Cluster, labels: Any = None) -> Generator[str]:
    name = f"test-{uuid4().hex[:12]}"
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}})
    cluster.wait("serviceaccount/default", "create", name)
    try:
        yield name
    finally:
        cluster.kubectl("delete", "namespace", name, "--wait=false")


@contextmanager
def policies(cluster: Cluster, tenant: str, *others: str) -> Generator[None]:
    """Let the environment's policies act, each where it does on AWS and yet in these namespaces only: the cluster is shared."""
    made = [narrowed(obj, [tenant, *others]) for obj in admission.objects(load("china-prod"))]
    cluster.apply(*made)
    try:
        await_policies(cluster, tenant)
        yield
    finally:
        cluster.kubectl("delete", *(f"{obj['kind']}/{obj['metadata']['name']}" for obj in made))


def narrowed(obj: Any, namespaces: list[str]) -> Object:
    made: Object = copy.deepcopy(obj)
    made["metadata"]["name"] += f"-{namespaces[0]}"
    if made["kind"].endswith("Binding"):
        made["spec"]["policyName"] = made["metadata"]["name"]
        return made
    selector = made["spec"]["matchConstraints"]["namespaceSelector"]
    here = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": namespaces}
    selector["matchExpressions"] = [*selector.get("matchExpressions", []), here]
    return made


def await_policies(cluster: Cluster, tenant: str) -> None:
    """Make pods until every policy acts: the API server takes them up a moment after they were made."""
    work = pod("busybox", resources=ONE_GPU)
    work["metadata"]["labels"] = {"notebook-name": "mine"}
    cluster.apply(pod("localhost/debugged", name="debugged"), namespace=tenant)
    for _ in range(100):
        made = admitted(cluster, tenant, work)
        acted = [TOLERATION in made["spec"]["tolerations"], disturbed(made) == "true", images(made)[0] != "busybox"]
        if all(acted) and debug(cluster, tenant, "debugged", "busybox")[-1] != "busybox":
            return
    pytest.fail("the policies do not act")
