"""metrics-server, where EKS has no add-on for it."""

from typing import Any

from mlplatform.config.load import load
from mlplatform.manifests.compute import metrics_server
from mlplatform.manifests.objects import Object


def by_kind() -> dict[str, Object]:
    return {obj["kind"]: obj for obj in metrics_server.objects(load("china-prod"))}


def test_it_is_ours_only_where_a_region_lacks_the_add_on() -> None:
    assert metrics_server.objects(load("global-prod")) == []
    assert "metrics-server" in load("global-prod").addons
    assert metrics_server.objects(load("china-prod"))
    assert "metrics-server" not in load("china-prod").addons


def test_one_node_can_go_without_the_metrics_going() -> None:
    deployment: Any = by_kind()["Deployment"]
    apart, _ = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
    assert deployment["spec"]["replicas"] == 2
    assert (apart["topologyKey"], apart["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "DoNotSchedule")
    assert apart["labelSelector"] == by_kind()["PodDisruptionBudget"]["spec"]["selector"] == deployment["spec"]["selector"]


def test_it_reads_nodes_and_pods_and_writes_nothing() -> None:
    roles = [obj for obj in metrics_server.objects(load("china-prod")) if obj["kind"] == "ClusterRole"]
    assert {verb for role in roles for rule in role["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert {resource for role in roles for rule in role["rules"] for resource in rule["resources"]} == {"nodes/metrics", "nodes", "pods"}


def test_the_api_server_asks_it_at_the_port_of_its_service() -> None:
    asked, served = by_kind()["APIService"]["spec"]["service"], by_kind()["Service"]
    assert (asked["namespace"], asked["name"]) == (served["metadata"]["namespace"], served["metadata"]["name"])
    assert asked["port"] in [port["port"] for port in served["spec"]["ports"]]
