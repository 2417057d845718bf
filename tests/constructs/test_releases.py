"""Releases in a stack: in which order, from where, with which waits."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.assertions import Template
from aws_cdk.lambda_layer_kubectl_v36 import KubectlV36Layer
from constructs import DependencyGroup

from mlplatform.config.catalogue import Chart
from mlplatform.constructs.releases import Releases
from mlplatform.manifests import Release
from mlplatform.manifests.late import late

CHART = Chart("karpenter", "AWS", "oci://registry.example/charts", "1.2.3", used_by=("karpenter",))
CLASSIC = Chart("classic", "X", "https://charts.example/stable", "4.5.6", used_by=("classic",))


def ours(name: str, wave: str, word: str = "x") -> Release:
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "kube-system"}, "data": {"word": word}}
    return Release(name, "kube-system", wave, objects=[obj], timeout=120)


def synthesised(folder: Path, *releases: Release, **late_values: str) -> dict[str, Any]:
    """Return the template of a stack with these releases."""
    app = App(outdir=str(folder), analytics_reporting=False)
    stack = Stack(app, "stack")
    options = eks.KubectlProviderOptions(kubectl_layer=KubectlV36Layer(stack, "Layer"))
    cluster = eks.Cluster(stack, "Cluster", version=eks.KubernetesVersion.of("1.36"), kubectl_provider_options=options)
    Releases(stack, "Releases", cluster=cluster, releases=releases, late=late_values, after=DependencyGroup(cluster))
    template = dict(Template.from_stack(stack).to_json())
    app.synth()
    return template


def charts(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the resources of releases by the releases' names."""
    found = [(key, one) for key, one in template["Resources"].items() if one["Type"] == "Custom::AWSCDK-EKS-HelmChart"]
    return {one["Properties"]["Release"]: {**one, "Id": key} for key, one in found}


def test_each_wave_waits_for_the_whole_wave_before_and_for_no_other_of_its_own(tmp_path: Path) -> None:
    made = charts(
        synthesised(tmp_path, ours("one", "namespaces"), ours("two", "controllers"), ours("three", "controllers"), ours("four", "nodes"))
    )
    ids = {resource["Id"]: name for name, resource in made.items()}
    after = {name: {ids[key] for key in resource["DependsOn"] if key in ids} for name, resource in made.items()}
    assert after == {"one": set(), "two": {"one"}, "three": {"one"}, "four": {"two", "three"}}


def test_the_first_wave_waits_for_what_the_stack_names(tmp_path: Path) -> None:
    template = synthesised(tmp_path, ours("one", "namespaces"))
    [cluster] = [key for key, one in template["Resources"].items() if one["Type"] == "AWS::EKS::Cluster"]
    assert cluster in charts(template)["one"]["DependsOn"]


def test_a_release_waits_for_its_pods_and_makes_no_namespace(tmp_path: Path) -> None:
    properties = charts(synthesised(tmp_path, ours("one", "namespaces")))["one"]["Properties"]
    assert (properties["Wait"], properties["Timeout"], properties["Namespace"]) == (True, "120s", "kube-system")
    assert "CreateNamespace" not in properties
    assert "Atomic" not in properties


def test_objects_of_ours_are_an_asset_that_holds_them_as_they_are(tmp_path: Path) -> None:
    synthesised(tmp_path, ours("one", "namespaces", "{{workflow.name}}"))
    [objects] = tmp_path.glob("asset.*/objects.json")
    assert "{{workflow.name}}" in objects.read_text()


def test_a_publishers_chart_comes_by_its_version_with_our_values(tmp_path: Path) -> None:
    release = Release("karpenter", "kube-system", "controllers", chart=CHART, values={"replicas": 2}, requests=())
    properties = charts(synthesised(tmp_path, release))["karpenter"]["Properties"]
    assert properties["Chart"] == "karpenter"
    assert properties["Repository"] == "oci://registry.example/charts/karpenter"
    assert properties["Version"] == "1.2.3"
    assert json.loads(properties["Values"]) == {"replicas": 2}


def test_a_chart_of_a_classic_repository_is_named_in_it(tmp_path: Path) -> None:
    properties = charts(synthesised(tmp_path, Release("classic", "kube-system", "nodes", chart=CLASSIC, requests=())))["classic"][
        "Properties"
    ]
    assert (properties["Chart"], properties["Repository"]) == ("classic", "https://charts.example/stable")


def test_late_values_reach_helm_by_its_values(tmp_path: Path) -> None:
    own = ours("own", "nodes", late("host"))
    theirs = Release(
        "theirs", "kube-system", "nodes", chart=CHART, values={"settings": {"endpoint": f"https://{late('host')}"}}, requests=()
    )
    made = charts(synthesised(tmp_path, own, theirs, host="db.example", unused="x"))
    assert json.loads(made["own"]["Properties"]["Values"]) == {"late": {"host": "db.example"}}
    assert json.loads(made["theirs"]["Properties"]["Values"]) == {"settings": {"endpoint": "https://db.example"}}


def test_a_late_value_that_nobody_gives_fails_with_the_constructs_path(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"stack/Releases/Own: nothing gives the late values \['host'\]"):
        synthesised(tmp_path, ours("own", "nodes", late("host")))
