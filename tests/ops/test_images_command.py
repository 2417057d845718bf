"""`mlp images` as a person runs it."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from mlplatform.config.load import environments, load
from mlplatform.manifests import releases
from mlplatform.manifests.mentions import mentions
from mlplatform.manifests.objects import walk
from mlplatform.manifests.uses import uses
from mlplatform.ops.main import main
from mlplatform.ops.rendering import render

NAMES = pytest.mark.parametrize("name", environments())


def listed(name: str) -> list[Any]:
    done = CliRunner().invoke(main, ["images", name, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_list_says_what_it_is_a_copy_of_where_the_copy_is_and_where_it_is_used() -> None:
    rows = {(row["kind"], row["name"]): row for row in listed("china-prod")}
    plugin = rows["image", "nvidia-device-plugin"]
    assert plugin["upstream"].startswith("nvcr.io/nvidia/k8s-device-plugin:v")
    assert plugin["mirrored"] == f"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mlplatform/{plugin['upstream']}"
    assert any(use["release"] == "nvidia-device-plugin" and not use["hidden"] for use in plugin["used_by"])
    assert rows["image", "karpenter"]["used_by"][0] == {
        "name": "karpenter",
        "release": "karpenter",
        "where": "values: controller.image.repository",
        "hidden": True,
    }
    assert rows["chart", "karpenter-crd"]["mirrored"].startswith(
        "oci://123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mlplatform/charts/"
    )
    assert rows["add-on", "vpc-cni"]["upstream"] == "918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn"


@NAMES
def test_the_mirrored_column_names_no_public_registry(name: str) -> None:
    own = load(name).place.registry("123456789012")
    for row in listed(name):
        if row["kind"] != "add-on":
            [mention] = mentions(row["mirrored"])
            assert mention.host == own


def test_a_person_gets_every_reference_on_a_line_of_its_own() -> None:
    done = CliRunner().invoke(main, ["images", "global-dev"])
    assert done.exit_code == 0
    for row in listed("global-dev"):
        assert f"{row['upstream']}\n" in done.stdout
        assert f"{row['mirrored']}\n" in done.stdout


@NAMES
def test_every_image_that_is_rendered_is_in_the_list_wherever_it_stands(name: str) -> None:
    here = load(name)
    known = {(row["mirrored"] if here.mirror else row["upstream"]) for row in listed(name)}
    found = {
        mention.text
        for result in render(here, releases(here))
        for obj in result.objects
        if obj["kind"] not in ("CustomResourceDefinition", "MutatingAdmissionPolicy")
        for _, value in walk(obj)
        if isinstance(value, str)
        for mention in mentions(value)
        if mention.is_registry
    }
    assert found
    assert found <= known


@NAMES
def test_the_catalogue_says_who_uses_what_and_what_is_hidden_as_the_releases_do(name: str) -> None:
    here = load(name)
    used = uses(here.catalogue, releases(here))
    for image in here.catalogue.images.values():
        places = [use for use in used if use.name == image.name and use.where]
        assert {use.release for use in places} <= set(image.used_by), image.name
        assert any(use.hidden for use in places) == (image.hidden and bool(places)), image.name
    for chart in here.catalogue.charts.values():
        # Not every environment has every release: one without a balancer has nothing that makes balancers.
        assert tuple(use.release for use in used if use.name == chart.name and not use.where) in ((), chart.used_by), chart.name


def test_nothing_of_the_catalogue_is_unused_everywhere() -> None:
    used = {use.name for name in environments() for use in uses(load(name).catalogue, releases(load(name)))}
    assert {*load("china-dev").catalogue.images, *load("china-dev").catalogue.charts} == used
