"""Reloader: when a Secret changes, what has read it at its start starts anew.

Separate because it reads Secrets, and where: in the namespaces of a list, each by a Role of its own, and nowhere else.
Source: https://github.com/stakater/Reloader/tree/v1.4.21 (`--namespaces`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.namespaces import AUTH, EXTERNAL_SECRETS, OAUTH2_PROXY
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, container, controller, http_probe, role, role_binding, rule, system_pod

NAME = "reloader"
RESTARTS: Mapping[str, str] = {"secret.reloader.stakater.com/auto": "true"}
"""The annotation of a pod's template by which its workload starts anew with its Secrets."""
NAMESPACES = (AUTH, OAUTH2_PROXY)
"""Where workloads carry that annotation."""
_PORT = 9090


def objects(settings: Settings) -> list[Object]:
    """Return Reloader and what it may do in each of its namespaces."""
    return [*controller(NAME, EXTERNAL_SECRETS, pods(settings.image(NAME))), *_permissions()]


def pods(image: str) -> dict[str, Any]:
    """Return the template of its pod: one, because a change that it misses waits for a person and takes nothing away."""
    main = container(
        NAME,
        image,
        Resources(cpu="10m", memory="48Mi", memory_limit="128Mi"),
        args=[
            "--log-format=json",
            f"--namespaces={','.join(NAMESPACES)}",
            # Its other way adds a variable to containers.
            "--reload-strategy=annotations",
            # A ConfigMap of ours comes with a checksum in the pods that read it.
            "--resources-to-ignore=configmaps",
            "--ignored-workload-types=jobs,cronjobs",
        ],
        ports={"http": _PORT},
        liveness=http_probe("/live", "http", delay=10),
        readiness=http_probe("/metrics", "http", delay=5),
        security={"runAsUser": 65532, "runAsGroup": 65532},
    )
    return system_pod(NAME, [main], account=NAME)


def _permissions() -> Iterator[Object]:
    rules = [
        # To know that one changed is to read it: Kubernetes watches objects whole.
        rule("", ["secrets"], ["list", "watch"]),
        rule("apps", ["deployments", "daemonsets", "statefulsets"], ["get", "list", "patch"]),
        rule("", ["events"], ["create", "patch"]),
    ]
    for namespace in NAMESPACES:
        yield role(NAME, namespace, rules)
        yield role_binding(NAME, namespace, NAME, NAME, account_namespace=EXTERNAL_SECRETS)
