"""Which addresses tenants' Services take, as a real API server decides it."""

import json
import time
from collections.abc import Generator
from typing import Any
from uuid import uuid4

import pytest

from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.kubeflow.tenant_services import policy
from tests.cluster.cluster import Cluster, RefusedError


@pytest.fixture(scope="module")
def tenant(cluster: Cluster) -> Generator[str]:
    """A tenant's namespace under the policy."""
    name = f"test-{uuid4().hex[:12]}"
    objects = [dict(obj) for obj in policy(name)]
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(TENANT)}}, *objects)
    try:
        _until_it_holds(cluster, name)
        yield name
    finally:
        for obj in reversed(objects):
            cluster.kubectl("delete", obj["kind"], name)
        cluster.kubectl("delete", "namespace", name, "--wait=false")


def service(name: str, namespace: str, **spec: Any) -> dict[str, Any]:
    content = {"selector": {"app": "model"}, "ports": [{"port": 3306}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}, "spec": content}


def test_a_tenants_service_takes_no_address_of_somebody_elses(cluster: Cluster, tenant: str) -> None:
    with pytest.raises(RefusedError, match="a Service of this namespace has no externalIPs"):
        cluster.apply(service("database", tenant, externalIPs=["10.0.3.7"]))


def test_a_service_without_them_is_made_and_gets_none_later(cluster: Cluster, tenant: str) -> None:
    cluster.apply(service("model", tenant))
    with pytest.raises(RefusedError, match="a Service of this namespace has no externalIPs"):
        cluster.kubectl("patch", "service", "model", f"--namespace={tenant}", "--patch", '{"spec": {"externalIPs": ["10.0.3.7"]}}')


def test_the_platforms_own_namespaces_are_left_alone(cluster: Cluster, tenant: str) -> None:
    other = f"{tenant}-own"
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": other}})
    try:
        cluster.apply(service("gateway", other, externalIPs=["10.0.3.7"]))
    finally:
        cluster.kubectl("delete", "namespace", other, "--wait=false")


def _until_it_holds(cluster: Cluster, namespace: str) -> None:
    """Wait for the API server, which takes a policy up a moment after it was made."""
    tried = json.dumps(service("tried", namespace, externalIPs=["10.0.3.7"]))
    for _ in range(100):
        try:
            cluster.kubectl("create", "--dry-run=server", "--filename=-", stdin=tried)
        except RefusedError:
            return
        time.sleep(0.1)
    pytest.fail("the API server did not take the policy up in ten seconds")
