"""The platform's own namespaces."""

import pytest

from mlplatform.config.load import environments, load
from mlplatform.manifests import namespaces
from mlplatform.manifests.objects import Object, at, kind_of


def made(environment: str, kind: str) -> list[Object]:
    return [obj for obj in namespaces.release(load(environment)).objects if kind_of(obj) == kind]


@pytest.mark.parametrize("environment", environments())
def test_every_namespace_is_closed_by_the_release_that_makes_it(environment: str) -> None:
    closed = {at(policy, "metadata", "namespace") for policy in made(environment, "NetworkPolicy.networking.k8s.io") if closes(policy)}
    assert closed == {at(namespace, "metadata", "name") for namespace in made(environment, "Namespace")}


def closes(policy: Object) -> bool:
    return at(policy, "spec", "podSelector") == {} and "ingress" not in policy["spec"]


def test_only_node_agents_are_privileged() -> None:
    levels = {
        at(namespace, "metadata", "name"): at(namespace, "metadata", "labels", "pod-security.kubernetes.io/enforce")
        for namespace in made("global-prod", "Namespace")
    }
    assert [name for name, level in levels.items() if level != "restricted"] == ["node-agents"]


def test_an_environment_without_kubeflow_has_no_namespace_of_it() -> None:
    settings = load("china-dev")
    without = settings.model_copy(update={"kubeflow": settings.kubeflow.model_copy(update={"components": ()})})
    assert [at(obj, "metadata", "name") for obj in namespaces.release(without).objects] == ["node-agents", "deny-all"]
