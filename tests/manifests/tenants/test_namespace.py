"""A tenant's namespace and Profile, against what the profile controller 2.0.0 expects and writes."""

import pytest

from mlplatform.manifests.kubeflow.profile_namespace import MADE_BY_THE_CONTROLLER, NAMESPACE_LABELS
from mlplatform.manifests.objects import fields
from mlplatform.manifests.tenants.namespace import POOLS
from tests.config.files import DEV, PROD
from tests.manifests.tenants.tenants import DEV_ARN, PROD_ARN, VISION, only, release


def test_the_namespace_says_who_owns_it_or_the_controller_would_refuse_it():
    assert only("Namespace")["metadata"]["annotations"]["owner"] == only("Profile")["spec"]["owner"]["name"] == "ann@example.com"


def test_the_namespace_has_every_label_that_the_controller_would_add():
    labels = only("Namespace")["metadata"]["labels"]
    assert labels.items() >= NAMESPACE_LABELS.items()
    assert labels["app.kubernetes.io/part-of"] == "kubeflow-profile"
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"


def test_the_namespace_is_in_the_mesh_which_the_controller_sees_to_for_its_own_only():
    assert only("Namespace")["metadata"]["labels"]["istio-injection"] == "enabled"


@pytest.mark.parametrize(
    ("pools", "said"),
    [("", None), (", pools: [cpu], quota: {gpus: 0}", "cpu"), (", pools: [cpu, gpu]", "cpu,gpu")],
    ids=["all", "one", "two"],
)
def test_the_namespace_names_the_pools_that_its_pods_may_run_on(pools: str, said: str | None):
    assert fields(only("Namespace", f"{VISION}{pools}"), "metadata", "annotations").get(POOLS) == said


@pytest.mark.parametrize(("base", "arn"), [(DEV, DEV_ARN), (PROD, PROD_ARN)], ids=["china", "global"])
def test_the_profile_names_the_tenants_role_and_leaves_its_trust_alone(base: str, arn: str):
    profile = only("Profile", base=base)
    assert profile["apiVersion"] == "kubeflow.org/v1"
    assert profile["spec"]["plugins"] == [{"kind": "AwsIamForServiceAccount", "spec": {"awsIamRole": arn, "annotateOnly": True}}]


def test_the_profile_leaves_to_the_controller_what_the_controller_writes():
    profile = only("Profile")
    assert set(profile["spec"]) == {"owner", "plugins"}
    assert "status" not in profile
    assert "finalizers" not in profile["metadata"]


def test_the_owner_is_written_as_kubernetes_keeps_it_so_the_controller_finds_its_binding_as_it_should_be():
    owner = only("Profile")["spec"]["owner"]
    assert owner == {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "ann@example.com"}


def test_nothing_in_the_release_has_the_name_of_what_the_controller_makes_or_deletes():
    ours = {(each["kind"], each["metadata"]["name"]) for each in release().objects}
    assert ours.isdisjoint(MADE_BY_THE_CONTROLLER)
