"""Where the platform's own pods run."""

from mlplatform.manifests.shapes import Resources, container, deployment, system_pod
from tests.manifests.compute.nodes import lands_on

POD = system_pod("dex", [container("dex", "registry.example.com/dex:1", Resources(cpu="10m", memory="64Mi"))])


def test_they_run_on_system_nodes_and_on_no_node_of_a_pool() -> None:
    workload = deployment("dex", "auth", POD)
    assert lands_on(workload, {"kubernetes.io/os": "linux"})
    assert not lands_on(workload, {"kubernetes.io/os": "linux", "karpenter.sh/nodepool": "cpu"})


def test_replicas_of_one_version_are_on_different_nodes_and_if_they_can_in_different_zones() -> None:
    nodes, zones = POD["spec"]["topologySpreadConstraints"]
    assert (nodes["topologyKey"], nodes["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "DoNotSchedule")
    assert (zones["topologyKey"], zones["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "ScheduleAnyway")
    # Of one version: with two nodes the first pod of a new one would otherwise have no place beside two old ones.
    assert all(entry["matchLabelKeys"] == ["pod-template-hash"] for entry in (nodes, zones))
    # A node that takes no pod is none that a pod must wait for.
    assert all(entry["nodeTaintsPolicy"] == "Honor" for entry in (nodes, zones))
    assert all(entry["labelSelector"]["matchLabels"].items() <= POD["metadata"]["labels"].items() for entry in (nodes, zones))


def test_a_pod_outside_the_mesh_says_so() -> None:
    assert "sidecar.istio.io/inject" not in POD["metadata"]["labels"]
    assert system_pod("dex", [], meshed=False)["metadata"]["labels"]["sidecar.istio.io/inject"] == "false"
