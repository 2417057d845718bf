"""Whether system nodes hold the platform's pods while one of them is missing."""

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.problems import ConfigError
from mlplatform.config.settings import Settings
from mlplatform.config.versions import MATCHED_SETS
from mlplatform.local.aws.custom_resources.carried import CHARTS
from mlplatform.manifests import Release, environment, releases
from mlplatform.manifests.addon_pods import ADDON_PODS
from mlplatform.manifests.capacity import overfull
from mlplatform.manifests.objects import entries, fields, text
from mlplatform.manifests.requests import PodRequests, requested
from mlplatform.manifests.shapes import Resources, container, daemon_set, deployment, namespace, pod
from mlplatform.ops.rendering import render
from tests.config.files import DEV, settings

SMALL = load("china-dev")
"""Two m5.xlarge: 3.92 CPUs, 13.3 GiB and 110 pods while one is missing, of which add-ons take 0.5, 0.7 and 7."""
THREE = settings(f"{DEV}    cluster: {{system_nodes: {{desired: 3}}}}")


def ours(name: str, *, replicas: int = 1, cpu: str = "10m", memory: str = "16Mi", of: str = "kube-system") -> Release:
    template = pod({"app": name}, [container(name, "image", Resources(cpu, memory))])
    return Release(name, of, "nodes", objects=[deployment(name, of, template, replicas=replicas)])


def theirs(*requests: PodRequests) -> Release:
    return Release("theirs", "kube-system", "nodes", chart=SMALL.chart("karpenter"), requests=requests)


@pytest.mark.parametrize("name", environments())
def test_every_environment_in_the_repository_has_nodes_enough(name: str) -> None:
    assert overfull(load(name), releases(load(name))) == []


def test_it_is_said_what_is_asked_for_what_is_there_and_for_whom_there_is_no_room() -> None:
    [problem] = overfull(SMALL, [ours("small"), ours("large", cpu="3500m", memory="1Gi")])
    assert str(problem) == (
        "china-dev: cluster.system_nodes: the platform's pods ask for 4.01 CPUs, 1.7 GiB and 9 pods, and with one of 2 nodes missing the "
        "others (m5.xlarge) have 3.92 CPUs, 13.3 GiB and 110 pods: there is no room for ebs-csi-controller; raise desired, and maximum "
        "with it, or name larger instance_types"
    )


def test_memory_and_the_number_of_pods_count_as_well() -> None:
    assert overfull(SMALL, [ours("app", memory="12Gi")]) == []
    assert "room for" in str(overfull(SMALL, [ours("app", memory="13Gi")]))
    assert overfull(SMALL, [ours("app", replicas=103)]) == []
    assert "there is no room for app;" in str(overfull(SMALL, [ours("app", replicas=104)])[0])


def test_a_publishers_chart_counts_by_what_its_release_says() -> None:
    assert overfull(SMALL, [theirs(PodRequests("app", replicas=3, cpu="1", memory="1Gi"))]) == []
    assert overfull(SMALL, [theirs(PodRequests("app", replicas=4, cpu="1", memory="1Gi"))])


def test_what_runs_on_every_node_counts_once_for_each() -> None:
    agent = theirs(PodRequests("agent", cpu="1500m", on_every_node=True))
    assert overfull(THREE, [agent, ours("app", replicas=2, cpu="1500m")]) == []
    assert overfull(THREE, [agent, ours("app", replicas=3, cpu="1500m")])
    template = pod({"app": "agent"}, [container("agent", "image", Resources("3500m", "1Gi"))])
    assert overfull(SMALL, [Release("agent", "kube-system", "nodes", objects=[daemon_set("agent", "kube-system", template)])])


def test_a_pod_needs_its_room_on_one_node() -> None:
    assert overfull(THREE, [ours("two", replicas=2, cpu="3")]) == []
    assert "there is no room for three;" in str(overfull(THREE, [ours("three", replicas=3, cpu="2500m")])[0])


def test_the_meshs_sidecar_counts_in_the_namespaces_that_it_is_put_into() -> None:
    mesh = Release(
        "istiod",
        "istio-system",
        "nodes",
        chart=SMALL.chart("karpenter"),
        requests=(),
        sidecar=PodRequests("istio-proxy", cpu="1", memory="1Gi"),
    )
    inside = Release("namespaces", "kube-system", "namespaces", objects=[namespace("kubeflow", {"istio-injection": "enabled"})])
    assert overfull(SMALL, [mesh, inside, ours("app", replicas=4, of="auth")]) == []
    assert overfull(SMALL, [mesh, inside, ours("app", replicas=4, of="kubeflow")])


def test_synthesis_refuses_an_environment_with_nodes_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(_: Settings) -> list[Release]:
        return [ours("app", cpu="8")]

    monkeypatch.setattr(environment, "compute_releases", too_large)
    with pytest.raises(ConfigError, match=r"china-dev: cluster\.system_nodes: .* there is no room for app;"):
        releases(SMALL)


def test_every_addon_that_an_environment_can_have_is_in_the_table() -> None:
    assert ADDON_PODS.keys() == {name for versions in MATCHED_SETS.values() for name in versions.addons}


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ({"chart": SMALL.chart("karpenter")}, "has a chart and no requests; say what its pods ask for"),
        ({"objects": ours("a").objects, "requests": ()}, "has objects and requests; its objects say"),
    ],
)
def test_a_charts_release_says_what_its_pods_ask_for_and_no_other_does(wrong: dict[str, object], remedy: str) -> None:
    with pytest.raises(ValueError, match=f"release app: {remedy}"):
        Release("app", "kube-system", "nodes", **wrong)  # pyright: ignore[reportArgumentType] - each row has fields of its own


@pytest.mark.parametrize("name", environments())
def test_no_pod_of_the_platform_may_run_on_a_pools_node_but_those_of_every_node(name: str) -> None:
    never = {"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"}
    path = ("spec", "template", "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    workloads = [obj for release in releases(load(name)) for obj in release.objects if obj["kind"] in {"Deployment", "StatefulSet"}]
    elsewhere = [
        text(obj, "metadata", "name")
        for obj in workloads
        if not entries(obj, *path) or not all(never in entries(term, "matchExpressions") for term in entries(obj, *path))
    ]
    assert elsewhere == []


def test_a_charts_release_asks_for_what_its_chart_then_asks_for() -> None:
    found = load("china-prod")
    carried = [release for release in releases(found) if release.chart and release.chart.name in CHARTS]
    here = [result for result in render(found, carried) if not result.absent]
    if not here:
        pytest.skip("NO CHART: none of a publisher can be had here")
    for result in here:
        # What an installation itself starts is gone again when the others run.
        stay = [obj for obj in result.objects if "helm.sh/hook" not in fields(obj, "metadata", "annotations")]
        declared = sorted(by_size(pods) for pods in result.release.requests or ())
        assert declared == sorted(by_size(pods) for pods in requested(stay)), result.release.name


def by_size(pods: PodRequests) -> tuple[int, int, int, bool]:
    return pods.each.cpu_millis, pods.each.memory_mib, pods.replicas, pods.on_every_node
