"""Whether the system nodes hold the platform's own pods while one of them is missing.

Separate because the answer needs every release at once, and what a release asks for is read elsewhere.
"""

from collections.abc import Iterable, Iterator, Sequence

from mlplatform.config.node_capacity import Capacity, system_capacity
from mlplatform.config.problems import Problem, listed
from mlplatform.config.settings import Settings
from mlplatform.manifests.addon_pods import ADDON_PODS
from mlplatform.manifests.objects import Object, kind_of, text
from mlplatform.manifests.release import Release
from mlplatform.manifests.requests import PodRequests, requested


def overfull(settings: Settings, releases: Sequence[Release]) -> list[Problem]:
    """Return the problem of pods for which there is no room on the system nodes but one; nothing where all fit.

    Pods of the platform stay there: a node of a pool goes when Karpenter thinks that it can. What a rolling update starts beside what it
    replaces has the room of the node that is then not missing.

    Args:
        settings: The environment.
        releases: All that it installs.
    """
    nodes = settings.cluster.system_nodes
    running, available = nodes.desired - 1, system_capacity(nodes)
    pods = list(_pods(settings, releases))
    daemons = [pod.each for pod in pods if pod.on_every_node]
    others = [pod for pod in pods if not pod.on_every_node for _ in range(pod.replicas)]
    free = _less(Capacity(available.cpu_millis // running, available.memory_mib // running, available.pods // running), daemons)
    left_out = _left_out(others, [free] * running)
    if not left_out:
        return []
    asked = _sum([*(pod.each for pod in others), *daemons * running])
    message = (
        f"the platform's pods ask for {_shown(asked)}, and with one of {nodes.desired} nodes missing the others "
        f"({listed(nodes.instance_types)}) have {_shown(available)}: there is no room for {listed(dict.fromkeys(left_out))}"
    )
    return [
        Problem("cluster.system_nodes", message, "raise desired, and maximum with it, or name larger instance_types", file=settings.name)
    ]


def _pods(settings: Settings, releases: Sequence[Release]) -> Iterator[PodRequests]:
    for addon in settings.addons:
        yield from ADDON_PODS[addon]
    sidecar = _sum(release.sidecar.each for release in releases if release.sidecar)
    meshed = {text(obj, "metadata", "name") for release in releases for obj in release.objects if _is_meshed(obj)}
    for release in releases:
        yield from release.requests or ()
        yield from requested(release.objects, sidecar=sidecar, into=meshed)


def _is_meshed(obj: Object) -> bool:
    return kind_of(obj) == "Namespace" and text(obj, "metadata", "labels", "istio-injection") == "enabled"


def _left_out(pods: Sequence[PodRequests], nodes: list[Capacity]) -> list[str]:
    """Return the names of pods for which no node has room, the largest pods placed first."""
    free, left_out = list(nodes), list[str]()
    for pod in sorted(pods, key=lambda pod: (pod.each.cpu_millis, pod.each.memory_mib), reverse=True):
        place = next((index for index, node in enumerate(free) if node.holds(pod.each)), None)
        if place is None:
            left_out.append(pod.name)
        else:
            free[place] = _less(free[place], [pod.each])
    return left_out


def _less(node: Capacity, taken: Iterable[Capacity]) -> Capacity:
    away = _sum(taken)
    return Capacity(node.cpu_millis - away.cpu_millis, node.memory_mib - away.memory_mib, node.pods - away.pods)


def _sum(capacities: Iterable[Capacity]) -> Capacity:
    every = list(capacities)
    return Capacity(sum(one.cpu_millis for one in every), sum(one.memory_mib for one in every), sum(one.pods for one in every))


def _shown(capacity: Capacity) -> str:
    return f"{capacity.cpu_millis / 1_000:.2f} CPUs, {capacity.memory_mib / 1_024:.1f} GiB and {capacity.pods} pods"
