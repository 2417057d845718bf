"""Pods that a lab's tests run.

Separate because they are what a test says, and the lab is where.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from mlplatform.local.cluster import pools
from mlplatform.local.cluster.api import Object


def pod(name: str, *, gpus: int = 0, cpu: str = "1", memory: str = "1Gi", run_seconds: int | None = None, tolerates: bool = True) -> Object:
    """Return a pod that runs so many seconds, or until it is deleted, and asks for so much."""
    annotations = {} if run_seconds is None else {"local.mlplatform/run-seconds": str(run_seconds)}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "annotations": annotations}} | {
        "spec": pod_spec(gpus=gpus, cpu=cpu, memory=memory, tolerates=tolerates)
        | {"restartPolicy": "Always" if run_seconds is None else "Never"}
    }


def pod_spec(*, gpus: int = 0, cpu: str = "1", memory: str = "1Gi", tolerates: bool = True) -> Object:
    """Return what a pod asks for."""
    resources = {"requests": {"cpu": cpu, "memory": memory}} | ({"limits": {pools.GPU: str(gpus)}} if gpus else {})
    tolerations = [{"key": pools.GPU, "operator": "Exists"}] if gpus and tolerates else []
    return {"containers": [{"name": "main", "image": "example/none:1", "resources": resources}], "tolerations": tolerations}


def deployment(name: str, **asks: Any) -> Object:
    """Return a Deployment of one such pod."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": pod_spec(**asks)}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def running(pods: Iterable[Object]) -> Iterator[Object]:
    """Yield the pods that run and are not being deleted."""
    return (item for item in pods if item["status"].get("phase") == "Running" and "deletionTimestamp" not in item["metadata"])
