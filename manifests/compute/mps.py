"""NVIDIA's MPS control daemon, which lets processes of several pods run on one GPU at a time, each with its part of the memory.

Separate from the device plugin because it is the one container of the platform with every right on its node.
"""

from collections.abc import Sequence
from typing import Any

from mlplatform.manifests.compute.node_agent import AS_ROOT, NodeExpression, host_path, node_agent
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, config_volume, container, exec_probe, scratch, variable

READY = "/mps/.ready"
"""A file that is there once the daemon serves."""
_ROOT = "/run/nvidia/mps"
_CONFIG = "/etc/nvidia-mps"
_PRIVILEGED = {
    **AS_ROOT,
    # It sets the GPUs to one process each, and mounts memory on the node that pods share with it:
    # https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/templates/daemonset-mps-control-daemon.yml
    "privileged": True,
    "allowPrivilegeEscalation": True,
    "capabilities": {"add": ["ALL"]},
}


def mps_daemon(name: str, image: str, nodes: Sequence[NodeExpression], *, config: str) -> Object:
    """Return the daemon's DaemonSet; a new version of it ends the pods that share a GPU through it.

    Args:
        name: Its name.
        image: The device plugin's image, which has it.
        nodes: Which nodes it is for.
        config: The ConfigMap with the device plugin's configuration, which says among how many it divides.
    """
    mount = container(
        "mount-memory", image, Resources(cpu="10m", memory="32Mi"), command=["mps-control-daemon", "mount-shm"], security=_PRIVILEGED
    )
    daemon = container(
        "nvidia-mps",
        image,
        Resources(cpu="20m", memory="64Mi", memory_limit="512Mi"),
        command=["mps-control-daemon"],
        env=[variable("CONFIG_FILE", f"{_CONFIG}/config.yaml"), variable("NODE_NAME", field="spec.nodeName")],
        mounts={"mps": "/mps", "mps-memory": "/dev/shm", "temporary": "/tmp"},  # noqa: S108 - MPS's own places
        read_only_mounts={"config": _CONFIG},
        readiness=exec_probe("/busybox/test", "-e", READY),
        security=_PRIVILEGED,
    )
    volumes = [*mps_volumes(), config_volume("config", config), scratch("temporary")]
    shared = {"name": "mps", "mountPath": "/mps", "mountPropagation": "Bidirectional"}
    # It finds its own server among the node's processes.
    return node_agent(name, [daemon], nodes=nodes, init_containers=[{**mount, "volumeMounts": [shared]}], volumes=volumes, hostPID=True)


def mps_volumes() -> list[dict[str, Any]]:
    """Return the node's directories that daemon, plugin and pods share."""
    return [host_path("mps", _ROOT, "DirectoryOrCreate"), host_path("mps-memory", f"{_ROOT}/shm", "DirectoryOrCreate")]
