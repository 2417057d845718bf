"""Which addresses tenants' Services take."""

from mlplatform.config.load import load
from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.kubeflow.tenant_services import objects
from mlplatform.manifests.objects import at


def test_the_policy_is_for_tenants_namespaces_and_refuses() -> None:
    policy, binding = objects(load("china-prod"))
    assert at(policy, "spec", "matchConstraints", "namespaceSelector") == {"matchLabels": dict(TENANT)}
    assert at(policy, "spec", "failurePolicy") == "Fail"
    assert (at(binding, "spec", "policyName"), at(binding, "spec", "validationActions")) == (policy["metadata"]["name"], ["Deny"])


def test_an_environment_without_tenants_has_none() -> None:
    settings = load("china-dev")
    without = settings.model_copy(update={"kubeflow": settings.kubeflow.model_copy(update={"components": ("entrance",)})})
    assert objects(without) == []
