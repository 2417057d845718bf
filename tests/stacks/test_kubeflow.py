"""The kubeflow stack: rights and secrets before releases, and what makes balancers where there is one."""

import json
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.manifests import releases
from mlplatform.manifests.environment import KUBEFLOW_WAVES
from tests.stacks.synthesis import ENVIRONMENTS, Template, committed

CHART = "Custom::AWSCDK-EKS-HelmChart"
NAMES = pytest.mark.parametrize("name", ENVIRONMENTS)
CONTROLLER = "aws-load-balancer-controller"


def kubeflow(name: str) -> Template:
    return committed()[f"{name}-kubeflow"]


def charts(template: Template) -> dict[str, dict[str, Any]]:
    """Return the resources of releases by the releases' names."""
    return {each["Properties"]["Release"]: each for each in template.resources.values() if each["Type"] == CHART}


@NAMES
def test_every_release_of_kubeflow_is_installed_and_no_other(name: str) -> None:
    made = {key: one["Properties"]["Namespace"] for key, one in charts(kubeflow(name)).items()}
    assert made == {one.name: one.namespace for one in releases(load(name)) if one.wave in KUBEFLOW_WAVES}


@NAMES
def test_rights_and_secrets_are_there_before_the_first_release(name: str) -> None:
    template = kubeflow(name)
    first = set(charts(template)["cert-manager"]["DependsOn"])
    needed = {key for key, each in template.resources.items() if each["Type"] in ("AWS::IAM::Role", "AWS::SecretsManager::Secret")}
    assert needed
    assert needed <= first


@NAMES
def test_what_makes_balancers_has_a_role_where_there_is_one_and_is_told_the_vpc(name: str) -> None:
    template, made = kubeflow(name), load(name).ingress.has_balancer
    roles = [role["RoleName"] for role in template.all("AWS::IAM::Role")]
    assert (load(name).names.role("load-balancer-controller") in roles) is made
    assert (CONTROLLER in charts(template)) is made
    if made:
        assert f"{name}-network" in json.dumps(charts(template)[CONTROLLER]["Properties"]["Values"])


@NAMES
def test_the_door_opens_after_sign_in(name: str) -> None:
    template = kubeflow(name)
    ids = {key: each["Properties"]["Release"] for key, each in template.resources.items() if each["Type"] == CHART}
    for door in {"gateway-balancer"} & set(charts(template)):
        assert {"dex", "oauth2-proxy"} <= {ids[key] for key in charts(template)[door]["DependsOn"] if key in ids}
