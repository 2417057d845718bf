"""Pods as users send them, and what the API server makes of them.

They are sent as a dry run, which goes through admission and is not kept, unless a controller must see them.
"""

import json
from typing import Any

import pytest

from mlplatform.manifests.compute.labels import GPU
from tests.cluster.cluster import Cluster, Object

COPIES = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mlplatform"
"""What the names of copies begin with in the environment whose policies act."""
TOLERATION = {"key": GPU, "operator": "Exists", "effect": "NoSchedule"}
ONE_GPU = {"limits": {GPU: "1"}}


def pod(image: str = "localhost/train:1", *, name: str = "train", resources: Any = None, **spec: Any) -> Object:
    container: Object = {"name": "main", "image": image, "resources": resources or {}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def admitted(cluster: Cluster, namespace: str, sent: Object) -> Object:
    """Return what the API server would keep."""
    arguments = ("create", f"--namespace={namespace}", "--dry-run=server", "--output=json", "--filename=-")
    return json.loads(cluster.kubectl(*arguments, stdin=json.dumps(sent)))


def disturbed(obj: Object) -> str | None:
    return obj["metadata"].get("annotations", {}).get("karpenter.sh/do-not-disrupt")


def images(obj: Object) -> list[str]:
    containers = [*obj["spec"].get("initContainers", []), *obj["spec"]["containers"]]
    return [container["image"] for container in containers]


def debug(cluster: Cluster, namespace: str, name: str, image: str) -> list[str]:
    """Let somebody debug a pod, and return the images of those who did."""
    cluster.kubectl("debug", name, f"--namespace={namespace}", f"--image={image}", "--quiet", "--attach=false")
    found = cluster.get(f"pod/{name}", namespace=namespace)
    return [container["image"] for container in found["spec"]["ephemeralContainers"]]


def pods_of(cluster: Cluster, namespace: str, label: str) -> list[Object]:
    """Return the pods that a controller made, once there are any."""
    for _ in range(100):
        if found := cluster.get("pods", f"--selector={label}", namespace=namespace)["items"]:
            return found
    pytest.fail(f"no pod has {label}")
