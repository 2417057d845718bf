"""What Karpenter's controller is told: its environment and arguments, read from the Deployment that Helm installed, or given.

Separate from the process because it is a function of Kubernetes objects, and of what differs on this machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlplatform.local.cluster.api import Api, ApiError, Object

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
"""By which a ServiceAccount names its role: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"""
_SELECTOR = "app.kubernetes.io%2Fname%3Dkarpenter"
_ABSENT = 404


class KarpenterError(Exception):
    """Karpenter cannot run here as it is installed; the message says why and what to do."""


@dataclass(frozen=True)
class KarpenterSettings:
    """How one controller is run."""

    namespace: str
    service_account: str | None
    """Whose rights it has in the cluster; an administrator's where there is none."""
    role_arn: str
    """The IAM role that it assumes by that ServiceAccount's token."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    arguments: tuple[str, ...] = ()


def given(*, cluster: str, queue: str, role_arn: str, namespace: str = "kube-system") -> KarpenterSettings:
    """Return settings for a cluster that has no release of Karpenter, with the chart's defaults.

    Args:
        cluster: its name in EKS.
        queue: name of the SQS queue that interruptions come by.
        role_arn: the controller's IAM role.
        namespace: where its lease and its events are.
    """
    environment = {
        "KARPENTER_SERVICE": "karpenter",
        "SYSTEM_NAMESPACE": namespace,
        "CLUSTER_NAME": cluster,
        "INTERRUPTION_QUEUE": queue,
        "LOG_LEVEL": "info",
        "BATCH_MAX_DURATION": "10s",
        "BATCH_IDLE_DURATION": "1s",
    }
    return KarpenterSettings(namespace=namespace, service_account=None, role_arn=role_arn, environment=environment)


def installed(api: Api) -> KarpenterSettings | None:
    """Return the settings of the Deployment that the chart made, or None where there is no such release or it has no replicas.

    Raises:
        KarpenterError: It is there, but says something that cannot be followed here.
    """
    deployments: list[Object] = api.get(f"/apis/apps/v1/deployments?labelSelector={_SELECTOR}")["items"]
    if not deployments:
        return None
    if len(deployments) > 1:
        names = ", ".join(f"{item['metadata']['namespace']}/{item['metadata']['name']}" for item in deployments)
        raise KarpenterError(f"there are {len(deployments)} Deployments of Karpenter, {names}; keep one")
    (deployment,) = deployments
    return _settings_of(api, deployment) if deployment["spec"].get("replicas", 1) else None


def _settings_of(api: Api, deployment: Object) -> KarpenterSettings:
    namespace: str = deployment["metadata"]["namespace"]
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    account: str = spec.get("serviceAccountName", "default")
    container = next((item for item in spec["containers"] if item["name"] == "controller"), spec["containers"][0])
    return KarpenterSettings(
        namespace=namespace,
        service_account=account,
        role_arn=_role(api, namespace, account),
        environment=_environment(container.get("env", []), namespace, account),
        arguments=tuple(container.get("args", ())),
    )


def _role(api: Api, namespace: str, account: str) -> str:
    where = f"ServiceAccount {namespace}/{account}"
    try:
        found = api.get(f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}")
    except ApiError as error:
        if error.status != _ABSENT:
            raise
        raise KarpenterError(f"{where}: does not exist, and Karpenter's Deployment names it") from None
    role = found["metadata"].get("annotations", {}).get(ROLE_ANNOTATION)
    if not role:
        raise KarpenterError(f"{where}: has no annotation {ROLE_ANNOTATION}; Karpenter would have no credentials on AWS either")
    return str(role)


def _environment(variables: list[dict[str, Any]], namespace: str, account: str) -> dict[str, str]:
    environment: dict[str, str] = {}
    for variable in variables:
        source: Mapping[str, Any] = variable.get("valueFrom") or {}
        if not source:
            environment[variable["name"]] = str(variable.get("value", ""))
        elif "fieldRef" in source:
            fields = {"metadata.namespace": namespace, "spec.serviceAccountName": account}
            path = source["fieldRef"]["fieldPath"]
            if path not in fields:
                raise KarpenterError(
                    f"env {variable['name']}: the local Karpenter is no pod and has no {path}; known are {', '.join(fields)}"
                )
            environment[variable["name"]] = fields[path]
        elif "resourceFieldRef" not in source:
            # The size of a container, which it has none of here, only tunes it.
            raise KarpenterError(f"env {variable['name']}: the local Karpenter reads no {', '.join(source)}; give it a value")
    return environment
