"""The compute stack: rights before releases, releases in waves, logs where they are wanted."""

import json
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.sections.compute import ContainerLogs
from mlplatform.manifests import releases
from mlplatform.manifests.environment import COMPUTE_WAVES
from tests.stacks.synthesis import ENVIRONMENTS, Template, committed, varied

CHART = "Custom::AWSCDK-EKS-HelmChart"
NAMES = pytest.mark.parametrize("name", ENVIRONMENTS)


def compute(name: str) -> Template:
    return committed()[f"{name}-compute"]


def charts(template: Template) -> dict[str, dict[str, Any]]:
    """Return the resources of releases by the releases' names."""
    return {each["Properties"]["Release"]: each for each in template.resources.values() if each["Type"] == CHART}


@NAMES
def test_every_release_of_compute_is_installed_and_no_other(name: str) -> None:
    made = {key: one["Properties"]["Namespace"] for key, one in charts(compute(name)).items()}
    assert made == {one.name: one.namespace for one in releases(load(name)) if one.wave in COMPUTE_WAVES}


@NAMES
def test_every_wait_ends_long_before_the_step_that_waits(name: str) -> None:
    for release, resource in charts(compute(name)).items():
        assert resource["Properties"]["Wait"] is True, release
        assert int(resource["Properties"]["Timeout"].removesuffix("s")) <= 600, release


@NAMES
def test_namespaces_come_first_and_wait_for_every_right(name: str) -> None:
    template = compute(name)
    first = charts(template)["namespaces"]["DependsOn"]
    rights = {
        key
        for key, each in template.resources.items()
        if each["Type"] in ("AWS::IAM::Role", "AWS::EKS::AccessEntry", "AWS::Logs::LogGroup")
    }
    assert rights
    assert rights <= set(first)


@NAMES
def test_pools_come_when_all_that_acts_on_their_nodes_is_there(name: str) -> None:
    template = compute(name)
    ids = {key: each["Properties"]["Release"] for key, each in template.resources.items() if each["Type"] == CHART}
    before = {ids[key] for key in charts(template)["pools"]["DependsOn"]}
    assert before >= {"karpenter", "admission-policies", "nvidia-device-plugin", "log-agent", "storage"}


@NAMES
def test_charts_come_from_where_the_environment_pulls(name: str) -> None:
    settings = load(name)
    karpenter = charts(compute(name))["karpenter"]["Properties"]
    assert karpenter["Repository"] == settings.chart("karpenter").reference
    image = settings.catalogue.images["karpenter"]
    assert json.loads(karpenter["Values"])["controller"]["image"] == {
        "repository": image.repository,
        "tag": image.tag,
        "digest": image.digest or "",
    }


def test_containers_logs_are_kept_as_long_as_the_file_says_and_written_by_their_agents_alone() -> None:
    template = varied("china-dev-compute", compute={"logs": ContainerLogs(days=90)})
    assert template.one("AWS::Logs::LogGroup") == {"LogGroupName": load("china-dev").names.container_log_group, "RetentionInDays": 90}
    role = template.one("AWS::IAM::Role", named="ContainerLogs")
    [statement] = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert "*" not in json.dumps(statement["Resource"])


def test_where_logs_are_not_collected_there_is_neither_group_nor_role_nor_agent() -> None:
    template = varied("global-dev-compute", compute={"logs": ContainerLogs(collected=False)})
    assert template.all("AWS::Logs::LogGroup") == []
    assert template.all("AWS::IAM::Role", named="ContainerLogs") == []
    assert "log-agent" not in charts(template)
