"""The releases of compute, each with the wave that it is installed in.

Separate from the components because their order is one list that a reader sees at a glance.
"""

from collections.abc import Iterator, Sequence

from mlplatform.config.settings import Settings
from mlplatform.manifests.compute import admission, dcgm, karpenter, log_agent, metrics_server, nvidia, pools, storage
from mlplatform.manifests.namespaces import NODE_AGENTS, SYSTEM
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release


def compute_releases(settings: Settings) -> Iterator[Release]:
    """Yield what makes nodes appear and go, and what runs on them.

    Policies come with the controllers and before the pools: a pod that is there before them has no way to a GPU node.
    """
    yield karpenter.definitions(settings)
    yield karpenter.controller(settings)
    yield from _ours("admission-policies", SYSTEM, admission.objects(settings))
    yield from _ours("storage", SYSTEM, storage.objects())
    yield from _ours("metrics-server", SYSTEM, metrics_server.objects(settings))
    yield from _ours("log-agent", NODE_AGENTS, log_agent.objects(settings))
    yield from _ours("nvidia-device-plugin", NODE_AGENTS, nvidia.objects(settings))
    yield from _ours("dcgm-exporter", NODE_AGENTS, dcgm.objects(settings))
    yield pools.release(settings)


def _ours(name: str, namespace: str, objects: Sequence[Object]) -> Iterator[Release]:
    """Yield the release of a component, unless the environment has nothing of it."""
    if objects:
        yield Release(name, namespace, "controllers", objects=objects)
