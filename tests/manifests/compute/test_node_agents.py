"""What all agents of nodes have in common: what they may do, what they take, and how long they stay."""

from collections.abc import Iterator
from typing import Any

import pytest

from mlplatform.manifests.compute import dcgm, log_agent, metrics_server, nvidia
from mlplatform.manifests.objects import Object, entries, text
from tests.config.files import DEV, settings

EVERYTHING = f"""{DEV}
    compute:
      pools:
        jobs: {{accelerator: nvidia, families: [g4dn]}}
        notebooks: {{accelerator: nvidia, families: [g5], sharing: {{strategy: time-slicing, replicas: 4}}}}
        serving: {{accelerator: nvidia, families: [g5], sharing: {{strategy: mps, replicas: 2}}}}
"""
ROOT = {"nvidia-device-plugin", "wait-for-mps", "mount-memory", "nvidia-mps", "dcgm-exporter", "log-agent"}
"""Whose work is in the node's directories that belong to root."""
PRIVILEGED = {"mount-memory", "nvidia-mps"}
"""Which change the node itself."""


def workloads() -> list[Object]:
    here = settings(EVERYTHING)
    made = [*nvidia.objects(here), *dcgm.objects(here), *log_agent.objects(here), *metrics_server.objects(here)]
    return [obj for obj in made if text(obj, "kind") in {"DaemonSet", "Deployment"}]


def pods() -> Iterator[Any]:
    for workload in workloads():
        yield workload["spec"]["template"]["spec"]


def containers() -> dict[str, Any]:
    return {each["name"]: each for pod in pods() for each in (*entries(pod, "initContainers"), *entries(pod, "containers"))}


def test_only_those_run_as_root_that_work_in_directories_of_the_nodes_root() -> None:
    assert {name for name, each in containers().items() if not each["securityContext"]["runAsNonRoot"]} == ROOT


def test_only_what_changes_the_node_has_a_right_beyond_its_user() -> None:
    bounded = {
        name
        for name, each in containers().items()
        if each["securityContext"]["capabilities"] == {"drop": ["ALL"]} and not each["securityContext"]["allowPrivilegeEscalation"]
    }
    assert set(containers()) - bounded == PRIVILEGED


def test_no_container_writes_its_image() -> None:
    assert all(each["securityContext"]["readOnlyRootFilesystem"] for each in containers().values())


def test_every_container_asks_for_what_it_takes_and_ends_at_a_limit_of_memory() -> None:
    for each in containers().values():
        assert set(each["resources"]["requests"]) == {"cpu", "memory"}
        assert set(each["resources"]["limits"]) == {"memory"}


def test_every_long_running_container_says_when_it_is_ready() -> None:
    running = [each for pod in pods() for each in pod["containers"]]
    assert all(each.get("readinessProbe") for each in running)


def test_an_agent_works_until_its_node_is_gone_whatever_taints_it_has() -> None:
    agents = [workload["spec"]["template"]["spec"] for workload in workloads() if workload["kind"] == "DaemonSet"]
    assert [pod["tolerations"] for pod in agents] == [[{"operator": "Exists"}]] * len(agents)
    assert {pod["priorityClassName"] for pod in agents} == {"system-node-critical"}


def test_no_agent_has_a_token_of_the_api_server() -> None:
    agents = [workload["spec"]["template"]["spec"] for workload in workloads() if workload["kind"] == "DaemonSet"]
    assert all(pod["automountServiceAccountToken"] is False for pod in agents)


@pytest.mark.parametrize("obj", workloads(), ids=lambda obj: obj["metadata"]["name"])
def test_a_volume_that_is_mounted_is_there_and_no_other(obj: Object) -> None:
    pod = obj["spec"]["template"]["spec"]
    mounted = {
        mount["name"]
        for container in (*entries(pod, "initContainers"), *entries(pod, "containers"))
        for mount in entries(container, "volumeMounts")
    }
    assert mounted == {volume["name"] for volume in entries(pod, "volumes")}
