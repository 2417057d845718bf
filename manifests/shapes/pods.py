"""Pods and their containers, restricted unless told otherwise.

Separate so that a container that may do more says so, and a reviewer sees it where it is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RESTRICTED: Mapping[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and a root file system that nobody writes."""


@dataclass(frozen=True)
class Resources:
    """What a container asks for, and the memory that it is ended at."""

    cpu: str
    memory: str
    memory_limit: str = ""
    """The request unless given. There is no limit of CPU: it would only slow down what others leave idle."""
    further: Mapping[str, str] | None = None
    """Other resources, which are requested and limited alike."""

    def spec(self) -> dict[str, Any]:
        """Return a container's `resources`."""
        further = dict(self.further or {})
        return {
            "requests": {"cpu": self.cpu, "memory": self.memory, **further},
            "limits": {"memory": self.memory_limit or self.memory, **further},
        }


def container(
    name: str,
    image: str,
    resources: Resources,
    *,
    command: Sequence[str] = (),
    args: Sequence[str] = (),
    env: Sequence[Mapping[str, Any]] = (),
    ports: Mapping[str, int] | None = None,
    mounts: Mapping[str, str] | None = None,
    read_only_mounts: Mapping[str, str] | None = None,
    liveness: Mapping[str, Any] | None = None,
    readiness: Mapping[str, Any] | None = None,
    security: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a container.

    Args:
        name: Its name.
        image: Its image, from the catalogue.
        resources: What it asks for.
        command: Instead of the image's entry point.
        args: Its arguments.
        env: Its variables, from `variable` or as Kubernetes has them.
        ports: Port numbers by name.
        mounts: Where volumes are, by the volume's name.
        read_only_mounts: The same for volumes that it cannot write.
        liveness: A probe that restarts it when it fails.
        readiness: A probe that takes it out of Services when it fails.
        security: What differs from `RESTRICTED`.
    """
    mounted = [{"name": volume, "mountPath": path} for volume, path in (mounts or {}).items()]
    mounted += [{"name": volume, "mountPath": path, "readOnly": True} for volume, path in (read_only_mounts or {}).items()]
    optional: dict[str, Any] = {
        "command": list(command),
        "args": list(args),
        "env": [dict(entry) for entry in env],
        "ports": [{"name": key, "containerPort": port, "protocol": "TCP"} for key, port in (ports or {}).items()],
        "livenessProbe": liveness,
        "readinessProbe": readiness,
        "volumeMounts": mounted,
    }
    return {
        "name": name,
        "image": image,
        **{key: value for key, value in optional.items() if value},
        "resources": resources.spec(),
        "securityContext": {**RESTRICTED, **(security or {})},
    }


def variable(name: str, value: str = "", *, field: str = "", secret: tuple[str, str] | None = None) -> dict[str, Any]:
    """Return a variable with a value, that of one of the pod's own fields (`spec.nodeName`), or that of a Secret, by its name and key."""
    if secret:
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret[0], "key": secret[1]}}}
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": field}}} if field else {"name": name, "value": value}


def pod(
    labels: Mapping[str, str],
    containers: Sequence[Mapping[str, Any]],
    *,
    account: str = "",
    annotations: Mapping[str, str] | None = None,
    init_containers: Sequence[Mapping[str, Any]] = (),
    volumes: Sequence[Mapping[str, Any]] = (),
    **further: Any,
) -> dict[str, Any]:
    """Return the template of a pod.

    Args:
        labels: Its labels.
        containers: Its containers.
        account: Its ServiceAccount; without one it gets no token.
        annotations: Its annotations.
        init_containers: What runs before them.
        volumes: Its volumes, as Kubernetes has them.
        further: The rest of its `spec` in Kubernetes' own words: `nodeSelector`, `tolerations`, `affinity`, `priorityClassName`.
    """
    described: dict[str, Any] = {"labels": dict(labels)}
    if annotations:
        described["annotations"] = dict(annotations)
    identity: dict[str, Any] = {"serviceAccountName": account} if account else {"automountServiceAccountToken": False}
    optional: dict[str, Any] = {"initContainers": [dict(entry) for entry in init_containers], "volumes": [dict(entry) for entry in volumes]}
    return {
        "metadata": described,
        "spec": {
            **identity,
            **further,
            "containers": [dict(entry) for entry in containers],
            **{key: value for key, value in optional.items() if value},
        },
    }
