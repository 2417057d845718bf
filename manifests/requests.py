"""What the pods of releases ask for of the nodes that they run on.

Separate because objects of ours say it in themselves, and the release of a publisher's chart says it beside them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlplatform.config.node_capacity import Capacity
from mlplatform.config.quantities import cpu_millis, memory_mib
from mlplatform.manifests.objects import Object, at, entries, fields, kind_of, text

_DAEMONS = "DaemonSet.apps"
_REPLICATED = ("Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "ReplicationController")
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((_DAEMONS, *_REPLICATED, "Job.batch"), ("spec", "template")),
    "CronJob.batch": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}
"""Where the kinds that Kubernetes itself makes pods of hold them."""
_ON_EVERY_NODE = ("kubernetes.io", "k8s.io", "eks.amazonaws.com", "topology.k8s.aws")
"""Domains of the labels that system nodes have too; all others come with a pool."""

NOTHING = Capacity(0, 0)


@dataclass(frozen=True)
class PodRequests:
    """Pods that are alike, and what each of them asks for: `PodRequests("karpenter", replicas=2, cpu="500m", memory="1Gi")`."""

    name: str
    """Of the workload."""
    cpu: str = "0"
    """What all containers of one pod ask for together, as Kubernetes writes it."""
    memory: str = "0"
    """The same of memory."""
    replicas: int = 1
    """How many there are; at most, where something scales them."""
    on_every_node: bool = False
    """Whether each node has one, as those of a DaemonSet."""

    @property
    def each(self) -> Capacity:
        """What one pod needs of its node.

        Raises:
            ValueError: An amount is not written as Kubernetes writes it.
        """
        return Capacity(cpu_millis(self.cpu), memory_mib(self.memory), pods=1)


def requested(objects: Sequence[Object], *, sidecar: Capacity = NOTHING, into: Collection[str] = ()) -> Iterator[PodRequests]:
    """Yield what the pods of objects of ours ask for; those that pools' nodes alone can have are left out.

    Args:
        objects: All objects of a release, the autoscalers of its workloads among them.
        sidecar: What the mesh puts into a pod.
        into: The namespaces to whose pods it does so.
    """
    for obj in objects:
        kind = kind_of(obj)
        if kind not in _TEMPLATES:
            continue
        pod = fields(obj, *_TEMPLATES[kind])
        spec = fields(pod, "spec")
        if _runs_on_system_nodes(spec):
            added = sidecar if text(obj, "metadata", "namespace") in into and not _refuses_sidecar(pod) else NOTHING
            asked = pod_requests(spec)
            yield PodRequests(
                text(obj, "metadata", "name"),
                cpu=f"{asked.cpu_millis + added.cpu_millis}m",
                memory=f"{asked.memory_mib + added.memory_mib}Mi",
                replicas=_replicas(obj, kind, objects),
                on_every_node=kind == _DAEMONS,
            )


def pod_requests(spec: Mapping[str, Any]) -> Capacity:
    """Return what a pod asks for, as the scheduler reckons it.

    Initial containers run one after the other, before the others, and those that stay (sidecars) beside all that come after them:
    https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
    """
    cpu, memory = (_asked(spec, resource) for resource in ("cpu", "memory"))
    return Capacity(cpu, memory, pods=1)


def _asked(spec: Mapping[str, Any], resource: str) -> int:
    stay = most = 0
    for container in entries(spec, "initContainers"):
        own = _of_container(container, resource)
        most = max(most, stay + own)
        stay += own if at(container, "restartPolicy") == "Always" else 0
    running = stay + sum(_of_container(container, resource) for container in entries(spec, "containers"))
    return max(most, running) + _read(at(spec, "overhead", resource), resource)


def _of_container(container: object, resource: str) -> int:
    resources = fields(container, "resources")
    # Who limits and does not request, requests the limit.
    asked = at(resources, "requests", resource)
    return _read(at(resources, "limits", resource) if asked is None else asked, resource)


def _read(amount: object, resource: str) -> int:
    written = "0" if amount is None else str(amount)
    return cpu_millis(written) if resource == "cpu" else memory_mib(written)


def _refuses_sidecar(pod: Mapping[str, Any]) -> bool:
    """https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy ."""
    return at(pod, "spec", "hostNetwork") is True or any(
        text(pod, "metadata", field, "sidecar.istio.io/inject") == "false" for field in ("labels", "annotations")
    )


def _replicas(obj: Object, kind: str, objects: Sequence[Object]) -> int:
    if kind in _REPLICATED:
        replicas = at(obj, "spec", "replicas")
        return max(1 if replicas is None else int(replicas), _scaled_to(obj, objects))
    jobs = {"Job.batch": ("spec", "parallelism"), "CronJob.batch": ("spec", "jobTemplate", "spec", "parallelism")}
    return int(at(obj, *jobs[kind]) or 1) if kind in jobs else 1


def _scaled_to(obj: Object, objects: Sequence[Object]) -> int:
    """Return how many pods an autoscaler may make of a workload, 0 where none does."""
    named = (text(obj, "kind"), text(obj, "metadata", "namespace"), text(obj, "metadata", "name"))
    return max(
        (
            int(at(scaler, "spec", "maxReplicas") or 0)
            for scaler in objects
            if kind_of(scaler) == "HorizontalPodAutoscaler.autoscaling"
            and (
                text(scaler, "spec", "scaleTargetRef", "kind"),
                text(scaler, "metadata", "namespace"),
                text(scaler, "spec", "scaleTargetRef", "name"),
            )
            == named
        ),
        default=0,
    )


def _runs_on_system_nodes(spec: Mapping[str, Any]) -> bool:
    """Whether nothing that a pod wants of its node is what pools alone give it."""
    if any(_of_pools(key) for key in fields(spec, "nodeSelector")):
        return False
    terms = entries(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    return not terms or any(not _wants_pool(term) for term in terms)


def _wants_pool(term: object) -> bool:
    wanting = ("In", "Exists", "Gt", "Lt")
    return any(_of_pools(text(entry, "key")) and text(entry, "operator") in wanting for entry in entries(term, "matchExpressions"))


def _of_pools(label: str) -> bool:
    domain = label.partition("/")[0]
    return not any(domain == known or domain.endswith(f".{known}") for known in _ON_EVERY_NODE)
