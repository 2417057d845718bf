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


def test_everyone_is_let_in_to_ports_of_webhooks_and_to_the_meshs_control_plane_alone() -> None:
    opened = {
        (at(policy, "metadata", "namespace"), port["port"])
        for policy in made("china-prod", "NetworkPolicy.networking.k8s.io")
        for entry in policy["spec"].get("ingress", [])
        for port in entry["ports"]
        if "from" not in entry
    }
    assert opened == {("cert-manager", 10250), ("external-secrets", 10250), ("istio-system", 15012), ("istio-system", 15017)}


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
