"""What pods ask for, as the scheduler reckons it."""

from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.node_capacity import Capacity
from mlplatform.manifests.compute import dcgm, log_agent, nvidia
from mlplatform.manifests.objects import Object
from mlplatform.manifests.requests import PodRequests, pod_requests, requested


def asking(cpu: str, memory: str, **further: Any) -> dict[str, Any]:
    return {"name": "c", "resources": {"requests": {"cpu": cpu, "memory": memory}}, **further}


def workload(kind: str, spec: dict[str, Any], *, version: str = "apps/v1") -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "app", "namespace": "a"}, "spec": spec}


def template(**spec: Any) -> dict[str, Any]:
    return {"template": {"spec": {"containers": [asking("100m", "1Gi")], **spec}}}


def test_containers_ask_together() -> None:
    assert pod_requests({"containers": [asking("100m", "1Gi"), asking("1", "512Mi")]}) == Capacity(1_100, 1_536, pods=1)


def test_an_initial_container_counts_where_it_asks_for_more_than_all_that_run_after_it() -> None:
    running = [asking("100m", "1Gi"), asking("100m", "1Gi")]
    assert pod_requests({"initContainers": [asking("1", "512Mi")], "containers": running}) == Capacity(1_000, 2_048, pods=1)


def test_a_sidecar_counts_beside_everything_that_comes_after_it() -> None:
    sidecar = asking("100m", "128Mi", restartPolicy="Always")
    pod = {"initContainers": [sidecar, asking("2", "64Mi")], "containers": [asking("500m", "1Gi")]}
    assert pod_requests(pod) == Capacity(2_100, 1_152, pods=1)


def test_a_limit_is_a_request_where_no_request_is() -> None:
    pod = {"containers": [{"name": "c", "resources": {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"memory": "512Mi"}}}]}
    assert pod_requests(pod) == Capacity(2_000, 512, pods=1)


def test_a_pod_that_asks_for_nothing_is_a_pod() -> None:
    assert pod_requests({"containers": [{"name": "c"}]}) == Capacity(0, 0, pods=1)


@pytest.mark.parametrize(
    ("obj", "replicas", "everywhere"),
    [
        (workload("Deployment", template()), 1, False),
        (workload("StatefulSet", {"replicas": 3, **template()}), 3, False),
        (workload("Deployment", {"replicas": 0, **template()}), 0, False),
        (workload("DaemonSet", template()), 1, True),
        (workload("Job", {"parallelism": 2, **template()}, version="batch/v1"), 2, False),
        (workload("CronJob", {"jobTemplate": {"spec": template()}}, version="batch/v1"), 1, False),
        (workload("Pod", template()["template"]["spec"], version="v1"), 1, False),
    ],
)
def test_every_kind_that_makes_pods_counts_with_all_that_it_makes(obj: Object, replicas: int, *, everywhere: bool) -> None:
    assert list(requested([obj])) == [PodRequests("app", "100m", "1024Mi", replicas=replicas, on_every_node=everywhere)]


def test_a_workload_counts_as_often_as_its_autoscaler_may_make_it() -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app"}
    scaler = workload("HorizontalPodAutoscaler", {"scaleTargetRef": target, "maxReplicas": 5}, version="autoscaling/v2")
    [found] = requested([workload("Deployment", template()), scaler])
    assert found.replicas == 5


@pytest.mark.parametrize(
    ("spec", "counts"),
    [
        ({"nodeSelector": {"kubernetes.io/os": "linux"}}, True),
        ({"nodeSelector": {"karpenter.sh/nodepool": "gpu"}}, False),
        ({"nodeSelector": {"team": "vision"}}, False),
        ({"affinity": [("karpenter.sh/nodepool", "DoesNotExist")]}, True),
        ({"affinity": [("node.kubernetes.io/instance-type", "In")]}, True),
        ({"affinity": [("nvidia.com/gpu.present", "In")]}, False),
        ({"affinity": [("karpenter.k8s.aws/instance-family", "Exists"), ("topology.kubernetes.io/zone", "In")]}, True),
    ],
)
def test_pods_that_pools_alone_can_have_ask_nothing_of_system_nodes(spec: dict[str, Any], *, counts: bool) -> None:
    terms = [{"matchExpressions": [{"key": key, "operator": operator, "values": ["x"]}]} for key, operator in spec.pop("affinity", [])]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    pod = template(**spec, **({"affinity": {"nodeAffinity": required}} if terms else {}))
    assert bool(list(requested([workload("Deployment", pod)]))) == counts


def test_agents_of_gpu_nodes_are_not_on_system_nodes_and_those_of_every_node_are() -> None:
    found = load("china-dev")
    gpu, every = [*nvidia.objects(found), *dcgm.objects(found)], log_agent.objects(found)
    assert [pods.name for pods in requested([*gpu, *every])] == ["log-agent"]


@pytest.mark.parametrize(
    "refused",
    [
        {"metadata": {"labels": {"sidecar.istio.io/inject": "false"}}},
        {"metadata": {"annotations": {"sidecar.istio.io/inject": "false"}}},
        {"spec": {"hostNetwork": True, "containers": [asking("100m", "1Gi")]}},
    ],
)
def test_a_pod_gets_the_meshs_sidecar_in_its_namespaces_unless_it_refuses_it(refused: dict[str, Any]) -> None:
    sidecar = Capacity(100, 128)
    [inside] = requested([workload("Deployment", template())], sidecar=sidecar, into={"a"})
    [outside] = requested([workload("Deployment", template())], sidecar=sidecar, into={"b"})
    [without] = requested([workload("Deployment", {"template": {**template()["template"], **refused}})], sidecar=sidecar, into={"a"})
    assert (inside.cpu, inside.memory) == ("200m", "1152Mi")
    assert outside.cpu == without.cpu == "100m"
