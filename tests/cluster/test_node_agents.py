"""What runs on nodes, on a real API server: objects as it keeps them, and pods where they belong."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.settings import Settings
from mlplatform.local.cluster.nodes import JoiningNode, Nodes, Taint
from mlplatform.manifests import namespaces
from mlplatform.manifests.compute import admission, dcgm, log_agent, metrics_server, nvidia, storage
from mlplatform.manifests.compute.labels import GPU, node_labels
from mlplatform.manifests.namespaces import SYSTEM
from mlplatform.manifests.objects import Object, at, walk
from tests.cluster.cluster import Cluster
from tests.config.files import DEV, settings

SHARING = settings(f"""{DEV}
    compute:
      pools:
        jobs: {{accelerator: nvidia, families: [g4dn]}}
        notebooks: {{accelerator: nvidia, families: [g5], sharing: {{strategy: time-slicing, replicas: 4}}}}
        serving: {{accelerator: nvidia, families: [g5], sharing: {{strategy: mps, replicas: 2}}}}
""")
EVERY = {**{name: load(name) for name in environments()}, "with-sharing": SHARING}


def objects(here: Settings) -> Iterator[Object]:
    yield from namespaces.release(here).objects
    yield from storage.objects()
    for component in (admission, metrics_server, log_agent, nvidia, dcgm):
        yield from component.objects(here)


def moved(obj: Object, namespace: str) -> dict[str, Any]:
    """Return an object in the test's own namespace where it would be in one of the platform's, which the cluster may not have."""
    if at(obj, "metadata", "namespace") in {None, SYSTEM}:
        return dict(obj)
    return {**obj, "metadata": {**obj["metadata"], "namespace": namespace}}


@pytest.mark.parametrize("name", EVERY)
def test_the_api_server_keeps_every_field_as_it_is_written(cluster: Cluster, name: str, namespace: str) -> None:
    sent = [moved(obj, namespace) for obj in objects(EVERY[name])]
    arguments = ("apply", "--server-side", "--dry-run=server", "--validate=strict", "--output=json", "--filename=-")
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": sent})
    kept = json.loads(cluster.kubectl(*arguments, stdin=listed))["items"]
    lost = [(obj["kind"], path) for obj, other in zip(sent, kept, strict=True) for path, value in leaves(obj) if at(other, *path) != value]
    assert lost == []


def leaves(obj: Object) -> Iterator[tuple[Any, Any]]:
    for path, value in walk(obj):
        if not isinstance(value, (dict, list, tuple)):
            yield path, value


def test_each_node_gets_its_agents_and_no_other(local_cluster: Cluster, namespace: str, nodes: Nodes) -> None:
    joined = {pool.name: f"{pool.name}-{namespace}" for pool in SHARING.compute.pools.values()}
    agents = [*log_agent.objects(SHARING), *nvidia.objects(SHARING), *dcgm.objects(SHARING)]
    try:
        for pool in SHARING.compute.pools.values():
            nodes.add(
                JoiningNode(
                    name=joined[pool.name],
                    instance_id=f"i-{uuid4().hex[:17]}",
                    instance_type="g5.xlarge" if pool.has_gpus else "m5.xlarge",
                    region="cn-north-1",
                    zone="cn-north-1a",
                    labels=node_labels(pool),
                    taints=[Taint(GPU, "NoSchedule")] if pool.has_gpus else [Taint("ebs.csi.aws.com/agent-not-ready", "NoExecute")],
                )
            )
        local_cluster.apply(*(moved(obj, namespace) for obj in agents))
        for obj in agents:
            if obj["kind"] == "DaemonSet":
                local_cluster.kubectl(
                    "rollout", "status", f"daemonset/{obj['metadata']['name']}", f"--namespace={namespace}", "--timeout=60s"
                )
        running = local_cluster.get("pods", "--field-selector=status.phase=Running", namespace=namespace)["items"]
        found = {
            pool: sorted(pod["metadata"]["ownerReferences"][0]["name"] for pod in running if pod["spec"]["nodeName"] == node)
            for pool, node in joined.items()
        }
        assert found == {
            "cpu": ["log-agent"],
            "jobs": ["dcgm-exporter", "log-agent", "nvidia-device-plugin"],
            "notebooks": ["dcgm-exporter", "log-agent", "nvidia-device-plugin-time-slicing-4"],
            "serving": ["dcgm-exporter", "log-agent", "nvidia-device-plugin-mps-2", "nvidia-mps-2"],
        }
    finally:
        for node in joined.values():
            nodes.remove(node)
