"""NVIDIA's device plugin, which makes a node's GPUs the resource that pods ask for.

Separate from the metrics of the same nodes because a node without it is never ready for a job: Karpenter waits for the resource.
One DaemonSet serves nodes whose GPUs have one pod each, and one serves each way of sharing them, so that none of them has to read its
node's labels from the API server. Sources: https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0 .
"""

from collections.abc import Iterable
from typing import Any

from mlplatform.config.sections import Sharing
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.labels import GPU, SHARING, sharing_name
from mlplatform.manifests.compute.mps import READY, mps_daemon, mps_volumes
from mlplatform.manifests.compute.node_agent import AS_ROOT, NodeExpression, gpu_nodes, host_path, node_agent
from mlplatform.manifests.namespaces import NODE_AGENTS
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, config_map, config_volume, container, exec_probe, variable

_NAME = "nvidia-device-plugin"
_PLUGINS = "/var/lib/kubelet/device-plugins"
_CONFIG = "/etc/nvidia-device-plugin"
_KEYS = {"time-slicing": "timeSlicing", "mps": "mps"}
"""What the plugin's configuration calls a strategy."""


def objects(settings: Settings) -> list[Object]:
    """Return the plugin for each kind of GPU node that the environment's pools have; nothing where no pool has GPUs."""
    image = settings.image(_NAME)
    made: list[Object] = []
    pools = settings.compute.gpu_pools
    if any(pool.sharing is None for pool in pools):
        made.append(device_plugin(_NAME, image, [{"key": SHARING, "operator": "DoesNotExist"}]))
    for sharing in _different(pool.sharing for pool in pools):
        made += shared_device_plugin(sharing, image)
    return made


def shared_device_plugin(sharing: Sharing, image: str) -> list[Object]:
    """Return the plugin for nodes whose GPUs several pods share, its configuration, and what divides the GPU among them."""
    name = f"{_NAME}-{sharing_name(sharing)}"
    nodes: list[NodeExpression] = [{"key": SHARING, "operator": "In", "values": [sharing_name(sharing)]}]
    config = config_map(name, NODE_AGENTS, {"config.yaml": configuration(sharing)})
    if sharing.strategy == "time-slicing":
        return [config, device_plugin(name, image, nodes, config=name)]
    daemon = mps_daemon(f"nvidia-{sharing_name(sharing)}", image, gpu_nodes(*nodes), config=name)
    return [config, daemon, device_plugin(name, image, nodes, config=name, mps=True)]


def configuration(sharing: Sharing) -> str:
    """Return the plugin's configuration file: each GPU counts as so many."""
    # One pod with two shares of a GPU would get no more of it than with one.
    refused = "    failRequestsGreaterThanOne: true\n" if sharing.strategy == "time-slicing" else ""
    return (
        "version: v1\n"
        "flags:\n"
        "  migStrategy: none\n"
        "sharing:\n"
        f"  {_KEYS[sharing.strategy]}:\n"
        f"{refused}"
        "    resources:\n"
        f"    - name: {GPU}\n"
        f"      replicas: {sharing.replicas}\n"
    )


def device_plugin(name: str, image: str, nodes: list[NodeExpression], *, config: str = "", mps: bool = False) -> Object:
    """Return the plugin's DaemonSet.

    Args:
        name: Its name.
        image: The plugin's image.
        nodes: Which GPU nodes it is for.
        config: The ConfigMap with its configuration; none where each GPU has one pod.
        mps: Whether it waits for the daemon that divides GPUs.
    """
    env = [variable("CONFIG_FILE", f"{_CONFIG}/config.yaml")] if config else []
    socket = exec_probe("/busybox/test", "-S", f"{_PLUGINS}/nvidia-gpu.sock")
    plugin = container(
        _NAME,
        image,
        Resources(cpu="20m", memory="64Mi", memory_limit="256Mi"),
        env=[*env, variable("MPS_ROOT", "/run/nvidia/mps")] if mps else env,
        mounts={"plugins": _PLUGINS, **({"mps": "/mps", "mps-memory": "/dev/shm"} if mps else {})},  # noqa: S108 - MPS's own place
        read_only_mounts={"config": _CONFIG} if config else None,
        readiness=socket,
        liveness={**socket, "initialDelaySeconds": 60, "failureThreshold": 6},
        security=AS_ROOT,
    )
    volumes: list[dict[str, Any]] = [host_path("plugins", _PLUGINS, "Directory")]
    if config:
        volumes.append(config_volume("config", config))
    return node_agent(
        name,
        [plugin],
        nodes=gpu_nodes(*nodes),
        init_containers=[_wait_for_mps(image)] if mps else (),
        volumes=[*volumes, *mps_volumes()] if mps else volumes,
    )


def _wait_for_mps(image: str) -> dict[str, Any]:
    # A plugin that finds no daemon tries again only after half a minute.
    return container(
        "wait-for-mps",
        image,
        Resources(cpu="10m", memory="16Mi"),
        command=["/busybox/sh", "-c", f"until [ -e {READY} ]; do sleep 1; done"],
        read_only_mounts={"mps": "/mps"},
        security=AS_ROOT,
    )


def _different(sharings: Iterable[Sharing | None]) -> list[Sharing]:
    by_name = {sharing_name(sharing): sharing for sharing in sharings if sharing}
    return [by_name[name] for name in sorted(by_name)]
