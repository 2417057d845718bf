"""Where pods of tenants may run, as a real API server and a real scheduler have it."""

from typing import Any

import pytest

from tests.cluster.admission.pods import ONE_GPU, admitted, pod
from tests.cluster.cluster import Cluster, RefusedError

POOL = "karpenter.sh/nodepool"
ON_POOLS = {"key": POOL, "operator": "In", "values": ["cpu", "gpu"]}
ON_ANY_POOL = {"key": POOL, "operator": "Exists"}
ZONE = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["cn-north-1a"]}
NOT_SPOT = {"key": "karpenter.sh/capacity-type", "operator": "NotIn", "values": ["spot"]}
LABELLED = {"key": "example.com/fast", "operator": "Exists"}
ON_ONE_NODE = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-1"]}]}


def requiring(*terms: Any) -> Any:
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": list(terms)}}}


def term(*expressions: Any) -> Any:
    return {"matchExpressions": list(expressions)}


def required(cluster: Cluster, namespace: str, affinity: Any = None) -> list[Any]:
    """Return the alternatives that a new pod's node must be one of."""
    made = admitted(cluster, namespace, pod(**({"affinity": affinity} if affinity else {})))
    return made["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]


def test_a_pod_that_says_nothing_is_put_on_its_tenants_pools(cluster: Cluster, restricted: str):
    assert required(cluster, restricted) == [term(ON_POOLS)]


def test_a_pod_of_a_tenant_that_may_use_every_pool_is_kept_off_the_platforms_own_nodes(
    cluster: Cluster, restricted: str, unrestricted: str
):
    assert restricted
    assert required(cluster, unrestricted) == [term(ON_ANY_POOL)]
    chosen = requiring(term({"key": POOL, "operator": "In", "values": ["big"]}))
    assert required(cluster, unrestricted, chosen) == [term({"key": POOL, "operator": "In", "values": ["big"]})]


@pytest.mark.parametrize(
    "affinity",
    [
        {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}},
        {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": term(ZONE)}]}},
    ],
    ids=["of-pods", "preferred"],
)
def test_an_affinity_that_requires_nothing_of_nodes_is_kept_beside_it(cluster: Cluster, restricted: str, affinity: Any):
    assert required(cluster, restricted, affinity) == [term(ON_POOLS)]
    found = admitted(cluster, restricted, pod(affinity=affinity))["spec"]["affinity"]
    preferred = affinity.get("nodeAffinity", {}).get("preferredDuringSchedulingIgnoredDuringExecution")
    assert found["nodeAffinity"].get("preferredDuringSchedulingIgnoredDuringExecution") == preferred
    assert ("podAntiAffinity" in found) == ("podAntiAffinity" in affinity)


def test_every_alternative_that_a_pod_has_is_held_to_the_pools(cluster: Cluster, restricted: str):
    asked = requiring(term(ZONE, NOT_SPOT), term(LABELLED), ON_ONE_NODE)
    assert required(cluster, restricted, asked) == [
        term(ZONE, NOT_SPOT, ON_POOLS),
        term(LABELLED, ON_POOLS),
        {**term(ON_POOLS), **ON_ONE_NODE},
    ]


@pytest.mark.parametrize("values", [["gpu"], ["gpu", "cpu"]], ids=str)
def test_a_pod_that_chooses_among_its_tenants_pools_is_left_as_it_is(cluster: Cluster, restricted: str, values: list[str]):
    chosen = {"key": POOL, "operator": "In", "values": values}
    assert required(cluster, restricted, requiring(term(chosen))) == [term(chosen)]


@pytest.mark.parametrize(
    "chosen",
    [
        {"key": POOL, "operator": "In", "values": ["big"]},
        {"key": POOL, "operator": "In", "values": ["cpu", "big"]},
        {"key": POOL, "operator": "NotIn", "values": ["cpu"]},
        {"key": POOL, "operator": "Exists"},
        {"key": POOL, "operator": "DoesNotExist"},
    ],
    ids=str,
)
def test_a_pod_that_chooses_other_pools_cannot_leave_its_tenants(cluster: Cluster, restricted: str, chosen: Any):
    assert required(cluster, restricted, requiring(term(chosen))) == [term(chosen, ON_POOLS)]


def test_a_way_to_gpu_nodes_is_no_way_out_of_the_pools(cluster: Cluster, restricted: str):
    made = admitted(cluster, restricted, pod(resources=ONE_GPU, tolerations=[{"operator": "Exists"}]))["spec"]
    assert made["affinity"] == requiring(term(ON_POOLS))


def test_what_another_admission_plugin_takes_away_is_refused_with_the_pools(cluster: Cluster, unplaced: str):
    with pytest.raises(RefusedError, match="run on nodes of cpu, gpu, and something took away the affinity that says so"):
        admitted(cluster, unplaced, pod())
    with pytest.raises(RefusedError, match="run on nodes of cpu, gpu"):
        admitted(cluster, unplaced, pod(affinity=requiring(term(ON_POOLS), term(ZONE))))
    assert admitted(cluster, unplaced, pod(affinity=requiring(term(ON_POOLS, ZONE))))


def test_a_held_pod_can_be_narrowed_and_not_be_let_out(cluster: Cluster, restricted: str):
    held = pod(name="held", schedulingGates=[{"name": "example.com/wait"}])
    cluster.apply(held, namespace=restricted)
    out = '[{"op": "remove", "path": "/spec/affinity"}]'
    with pytest.raises(RefusedError, match="affinity"):
        cluster.kubectl("patch", "pod/held", f"--namespace={restricted}", "--type=json", f"--patch={out}")


def test_a_pod_is_not_scheduled_on_a_node_of_the_platform(local_cluster: Cluster, restricted: str):
    local_cluster.apply(pod(name="waits"), namespace=restricted)
    local_cluster.wait("pod/waits", "condition=PodScheduled=false", restricted)
    [condition] = local_cluster.get("pod/waits", namespace=restricted)["status"]["conditions"]
    assert "didn't match Pod's node affinity/selector" in condition["message"]
