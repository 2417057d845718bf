"""Karpenter's releases: their values, and what its own charts make of them with the real Helm."""

from functools import cache
from typing import Any

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.karpenter import controller, definitions
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.ops.rendering import render
from tests.config.files import settings
from tests.manifests.compute.test_pools import EXISTING

in_every_environment = pytest.mark.parametrize("name", environments())


def rendered(found: Settings, release: Release) -> list[Object]:
    [result] = render(found, [release])
    if result.absent:
        pytest.skip(f"NO CHART: {result.absent}")
    return result.objects


@cache
def deployment(name: str) -> dict[str, Any]:
    found = load(name)
    [made] = [each for each in rendered(found, controller(found)) if each["kind"] == "Deployment"]
    return dict(made["spec"])


def variables(name: str) -> dict[str, str]:
    [container] = deployment(name)["template"]["spec"]["containers"]
    return {variable["name"]: variable.get("value", "") for variable in container["env"]}


@in_every_environment
def test_the_controller_runs_the_image_of_the_catalogue_whatever_the_chart_names(name: str) -> None:
    found = load(name)
    [container] = deployment(name)["template"]["spec"]["containers"]
    assert container["image"] == found.image("karpenter")
    assert container["image"].partition("@")[0].endswith(f":{found.versions.karpenter}")


@in_every_environment
def test_the_controller_knows_its_cluster_and_its_queue_and_assumes_its_role(name: str) -> None:
    found = load(name)
    said = variables(name)
    assert (said["CLUSTER_NAME"], said["INTERRUPTION_QUEUE"]) == (found.names.cluster, found.names.interruption_queue)
    assert said["EKS_CONTROL_PLANE"] == "true"
    assert f"NodeOverlay={'true' if found.place.partition.currency == 'CNY' else 'false'}" in said["FEATURE_GATES"]
    [account] = [each for each in rendered(found, controller(found)) if each["kind"] == "ServiceAccount"]
    assert account["metadata"]["annotations"] == {"eks.amazonaws.com/role-arn": found.names.role_arn("karpenter")}
    assert account["metadata"]["name"] == deployment(name)["template"]["spec"]["serviceAccountName"] == "karpenter"


def test_two_replicas_keep_apart_and_off_their_own_nodes() -> None:
    spec = deployment("china-prod")
    pod = spec["template"]["spec"]
    assert spec["replicas"] == 2
    [term] = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [{"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"}]
    [apart] = pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    [spread] = pod["topologySpreadConstraints"]
    selected = spec["selector"]["matchLabels"]
    assert apart["topologyKey"] == "kubernetes.io/hostname"
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"
    assert spread["whenUnsatisfiable"] == "DoNotSchedule"
    assert apart["labelSelector"]["matchLabels"] == spread["labelSelector"]["matchLabels"] == selected
    assert pod["priorityClassName"] == "system-cluster-critical"
    found = load("china-prod")
    [budget] = [each for each in rendered(found, controller(found)) if each["kind"] == "PodDisruptionBudget"]
    assert budget["spec"]["maxUnavailable"] == 1
    assert budget["spec"]["selector"]["matchLabels"] == selected


def test_the_controller_asks_for_what_it_needs_and_ends_at_its_memory() -> None:
    [container] = deployment("china-prod")["template"]["spec"]["containers"]
    assert container["resources"] == {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}


def test_kinds_are_kept_when_their_release_goes_and_are_what_it_says_it_brings() -> None:
    found = load("china-dev")
    release = definitions(found)
    made = rendered(found, release)
    assert {each["kind"] for each in made} == {"CustomResourceDefinition"}
    assert all(each["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep" for each in made)

    def served(definition: Object) -> tuple[str, str, str, list[str]]:
        spec = definition["spec"]
        versions = [version["name"] for version in spec["versions"] if version["served"]]
        return definition["metadata"]["name"], spec["names"]["kind"], spec["scope"], versions

    assert sorted(map(served, made)) == sorted(served(each.object) for each in release.brought)


def test_pods_in_subnets_of_their_own_leave_one_interface_of_a_node_unused() -> None:
    found = load("china-dev")
    assert controller(found).values["settings"]["reservedENIs"] == "0"
    apart = found.model_copy(update={"network": found.network.model_copy(update={"pod_cidr": "100.64.0.0/16"})})
    assert controller(apart).values["settings"]["reservedENIs"] == "1"


def test_the_controller_asks_nobody_whom_it_cannot_reach() -> None:
    found = load("global-prod")
    closed = found.model_copy(update={"network": found.network.model_copy(update={"nat_gateways": 0})})
    assert controller(closed).values["settings"]["isolatedVPC"] is True
    assert controller(found).values["settings"]["isolatedVPC"] is False
    # Whether somebody else's VPC has a way out is theirs to know.
    assert controller(settings(EXISTING)).values["settings"]["isolatedVPC"] is False
