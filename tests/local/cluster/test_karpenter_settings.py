from typing import Any

import pytest

from mlplatform.local.cluster.api import Api, ApiError, Object
from mlplatform.local.cluster.karpenter_settings import ROLE_ANNOTATION, KarpenterError, given, installed

ROLE = "arn:aws-cn:iam::123456789012:role/china-dev-cn-north-1-karpenter"


class Fake(Api):
    """An API server with Deployments of Karpenter."""

    def __init__(self, *environments: list[dict[str, Any]], annotations: dict[str, str] | None = None) -> None:
        self.deployments = [_deployment(number, environment) for number, environment in enumerate(environments)]
        self.annotations = {ROLE_ANNOTATION: ROLE} if annotations is None else annotations

    def get(self, path: str) -> Object:
        if "deployments" in path:
            return {"items": self.deployments}
        if path.endswith("/absent"):
            raise ApiError(404, "not found")
        return {"metadata": {"annotations": self.annotations}}


def _deployment(number: int, environment: list[dict[str, Any]]) -> Object:
    container = {"name": "controller", "env": environment, "args": ["--log-level=debug"]}
    spec = {"serviceAccountName": "karpenter", "containers": [{"name": "sidecar"}, container]}
    return {"metadata": {"namespace": "karpenter", "name": f"karpenter-{number}"}, "spec": {"template": {"spec": spec}}}


def test_settings_are_those_of_the_deployment_that_is_installed() -> None:
    environment: list[dict[str, Any]] = [
        {"name": "CLUSTER_NAME", "value": "china-dev"},
        {"name": "FEATURE_GATES", "value": "NodeOverlay=true"},
        {"name": "SYSTEM_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
        {"name": "MEMORY_LIMIT", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}},
    ]
    settings = installed(Fake(environment))
    assert settings is not None
    assert settings.environment == {"CLUSTER_NAME": "china-dev", "FEATURE_GATES": "NodeOverlay=true", "SYSTEM_NAMESPACE": "karpenter"}
    assert settings.arguments == ("--log-level=debug",)
    assert (settings.namespace, settings.service_account, settings.role_arn) == ("karpenter", "karpenter", ROLE)


def test_without_a_deployment_there_are_no_settings() -> None:
    assert installed(Fake()) is None


def test_two_deployments_are_one_too_many() -> None:
    with pytest.raises(KarpenterError, match="2 Deployments of Karpenter, karpenter/karpenter-0, karpenter/karpenter-1; keep one"):
        installed(Fake([], []))


def test_a_service_account_without_a_role_is_named() -> None:
    with pytest.raises(KarpenterError, match=f"ServiceAccount karpenter/karpenter: has no annotation {ROLE_ANNOTATION}"):
        installed(Fake([], annotations={}))


def test_a_service_account_that_is_missing_is_named() -> None:
    api = Fake([])
    api.deployments[0]["spec"]["template"]["spec"]["serviceAccountName"] = "absent"
    with pytest.raises(KarpenterError, match="ServiceAccount karpenter/absent: does not exist"):
        installed(api)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"secretKeyRef": {"name": "x", "key": "y"}}, "env X: the local Karpenter reads no secretKeyRef; give it a value"),
        ({"fieldRef": {"fieldPath": "status.podIP"}}, "env X: the local Karpenter is no pod and has no status.podIP"),
    ],
)
def test_a_variable_that_cannot_be_followed_here_is_refused(source: dict[str, Any], said: str) -> None:
    with pytest.raises(KarpenterError, match=said):
        installed(Fake([{"name": "X", "valueFrom": source}]))


def test_given_settings_name_cluster_queue_and_role() -> None:
    settings = given(cluster="china-dev", queue="china-dev", role_arn=ROLE)
    assert settings.environment["CLUSTER_NAME"] == settings.environment["INTERRUPTION_QUEUE"] == "china-dev"
    assert (settings.namespace, settings.service_account, settings.role_arn) == ("kube-system", None, ROLE)
