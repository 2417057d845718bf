"""A GPU job on the local cluster, watched from the pod that waits to the instance that is gone.

Separate from the demo because these are the platform's promise, step by step, each asked from Kubernetes or EC2 themselves.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from mlplatform.local.cluster.api import Api, ApiError, Object

_JOBS, _PODS = "/apis/batch/v1/namespaces/default/jobs", "/api/v1/namespaces/default/pods"
_CLAIMS, _NODES = "/apis/karpenter.sh/v1/nodeclaims", "/api/v1/nodes"
_GPU = "nvidia.com/gpu"
_RUNS_SECONDS = 5
_PATIENCE = 240.0
_POLL_SECONDS = 0.1
_ABSENT = 404
_GONE = "InvalidInstanceID.NotFound"


class GpuJobError(Exception):
    """A step did not come in time; the message says which."""


@dataclass(frozen=True)
class Step:
    """Something that happened."""

    seconds: float
    """Since the job was submitted."""
    what: str
    detail: str


class GpuJob:
    """One job that asks for a GPU and nothing else."""

    def __init__(self, api: Api, ec2: Any, *, idle_seconds: float = 0) -> None:
        """Prepare; nothing is submitted yet.

        Args:
            api: the cluster's API server.
            ec2: a boto3 client in the cluster's region.
            idle_seconds: how long the pool keeps a node without a pod.
        """
        self._api, self._ec2 = api, ec2
        self._patience = _PATIENCE + idle_seconds
        self._name = f"gpu-job-{uuid4().hex[:6]}"
        self._before: set[str] = set()
        self._claim, self._node, self._instance = "", "", ""

    def run(self) -> Iterator[Step]:
        """Submit the job and yield each step when it happens; the job is removed at the end, however that comes.

        Raises:
            GpuJobError: A step did not come within four minutes and the pool's own patience.
        """
        self._before = {str(claim["metadata"]["name"]) for claim in self._api.get(_CLAIMS)["items"]}
        self._api.create(_JOBS, self._job())
        began = time.monotonic()
        try:
            for what, look in self._steps():
                while (detail := look()) is None:
                    if time.monotonic() - began > self._patience:
                        raise GpuJobError(f"waited {self._patience:.0f} s for a GPU job, in vain for this: {what}")
                    time.sleep(_POLL_SECONDS)
                yield Step(time.monotonic() - began, what, detail)
        finally:
            self._api.delete(f"{_JOBS}/{self._name}", {"propagationPolicy": "Background"})

    def _steps(self) -> list[tuple[str, Callable[[], str | None]]]:
        return [
            ("pod pending", self._pending),
            ("NodeClaim", self._claimed),
            ("instance launched", self._launched),
            ("node ready", self._ready),
            ("pod running", self._running),
            ("job done", self._done),
            ("node empty", self._empty),
            ("instance terminated", self._terminated),
        ]

    def _pending(self) -> str | None:
        pod = self._pod()
        return f"{pod['metadata']['name']} asks for one {_GPU}" if pod else None

    def _claimed(self) -> str | None:
        for claim in self._api.get(_CLAIMS)["items"]:
            if claim["metadata"]["name"] not in self._before:
                self._claim = claim["metadata"]["name"]
                return f"{self._claim} of pool {claim['metadata']['labels'].get('karpenter.sh/nodepool', '?')}"
        return None

    def _launched(self) -> str | None:
        claim = self._object(f"{_CLAIMS}/{self._claim}") or {}
        self._instance = claim.get("status", {}).get("providerID", "").rpartition("/")[2]
        if not self._instance:
            return None
        labels = claim["metadata"]["labels"]
        kind, zone = labels.get("node.kubernetes.io/instance-type"), labels.get("topology.kubernetes.io/zone")
        return f"{self._instance}, {kind} in {zone}, {labels.get('karpenter.sh/capacity-type')}"

    def _ready(self) -> str | None:
        claim = self._object(f"{_CLAIMS}/{self._claim}") or {}
        self._node = claim.get("status", {}).get("nodeName", "")
        node = self._object(f"{_NODES}/{self._node}") if self._node else None
        return self._node if node and _true(node, "Ready") else None

    def _running(self) -> str | None:
        pod = self._pod()
        return f"on {pod['spec']['nodeName']}" if pod and pod["status"].get("phase") in {"Running", "Succeeded"} else None

    def _done(self) -> str | None:
        job = self._object(f"{_JOBS}/{self._name}")
        return f"ran {_RUNS_SECONDS} s" if job and _true(job, "Complete") else None

    def _empty(self) -> str | None:
        """Say so once Karpenter has seen that nothing but DaemonSets is left on the node for as long as its pool waits."""
        claim = self._object(f"{_CLAIMS}/{self._claim}")
        if claim is None or claim["metadata"].get("deletionTimestamp") or _true(claim, "Consolidatable"):
            return f"{self._claim} may go"
        return None

    def _terminated(self) -> str | None:
        try:
            found = self._ec2.describe_instances(InstanceIds=[self._instance])["Reservations"][0]["Instances"][0]
        except self._ec2.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != _GONE:
                raise
            return self._instance
        return self._instance if found["State"]["Name"] == "terminated" else None

    def _pod(self) -> Object | None:
        pods: list[Object] = self._api.get(f"{_PODS}?labelSelector=job-name%3D{self._name}")["items"]
        return pods[0] if pods else None

    def _object(self, path: str) -> Object | None:
        try:
            return self._api.get(path)
        except ApiError as error:
            if error.status != _ABSENT:
                raise
            return None

    def _job(self) -> Object:
        container = {"name": "train", "image": "example/train:1", "resources": {"limits": {_GPU: "1"}}}
        spec = {"restartPolicy": "Never", "containers": [container], "tolerations": [{"key": _GPU, "operator": "Exists"}]}
        template = {"metadata": {"annotations": {"local.mlplatform/run-seconds": str(_RUNS_SECONDS)}}, "spec": spec}
        job = {"backoffLimit": 0, "template": template}
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": self._name}, "spec": job}


def _true(item: Object, condition: str) -> bool:
    conditions: list[dict[str, str]] = item.get("status", {}).get("conditions") or []
    return any(known["type"] == condition and known["status"] == "True" for known in conditions)
