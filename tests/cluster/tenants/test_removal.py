"""A tenant's whole life with real Helm: upgraded beside its controller, kept, taken back, deleted."""

from collections.abc import Generator

import pytest

from mlplatform.manifests import Release
from mlplatform.manifests.kubeflow.profile_namespace import binding_name
from tests.cluster.charts import history
from tests.cluster.tenants.platform import EDITOR, VIEWER, Platform, vision_as

NAME = "passing"
"""Of a tenant that no other test has."""


def release(**changed: object) -> Release:
    return vision_as(NAME, **changed)


@pytest.fixture
def passing(platform: Platform) -> Generator[Release]:
    """The tenant, with something of its people's in it, and gone after the test."""
    made = release()
    platform.install(made)
    platform.cluster.kubectl("create", "configmap", "work", f"--namespace={NAME}")
    yield made
    platform.install(release(removal="delete"))
    platform.uninstall(made)


def test_a_tenant_that_is_kept_loses_its_members_and_nothing_else(platform: Platform, passing: Release) -> None:
    before = platform.cluster.get("namespace", NAME)["metadata"]["uid"]
    platform.uninstall(passing)
    assert platform.cluster.get("namespace", NAME)["metadata"]["uid"] == before
    assert platform.there("profile.kubeflow.org", NAME)
    assert platform.there("configmap", "work", NAME)
    assert platform.there("resourcequota", "tenant", NAME)
    assert platform.there("limitrange", "tenant", NAME)
    assert platform.there("networkpolicy", "deny-all", NAME)
    for kind in ("rolebinding", "authorizationpolicy.security.istio.io"):
        assert not platform.there(kind, binding_name(EDITOR, "edit"), NAME)


def test_the_same_entry_takes_a_tenant_back_with_everything_in_it(platform: Platform, passing: Release) -> None:
    before = platform.cluster.get("namespace", NAME)["metadata"]["uid"]
    platform.uninstall(passing)
    platform.install(passing)
    assert history(platform.cluster, passing) == ["deployed"]
    assert platform.cluster.get("namespace", NAME)["metadata"]["uid"] == before
    assert platform.there("configmap", "work", NAME)
    assert platform.there("rolebinding", binding_name(EDITOR, "edit"), NAME)


def test_a_tenant_is_deleted_in_two_steps_of_which_the_first_deletes_nothing(platform: Platform, passing: Release) -> None:
    platform.install(release(removal="delete"))
    assert platform.there("configmap", "work", NAME)
    assert "helm.sh/resource-policy" not in platform.cluster.get("namespace", NAME)["metadata"]["annotations"]
    platform.uninstall(passing)
    assert not platform.there("namespace", NAME)
    assert not platform.there("profile.kubeflow.org", NAME)


def test_a_member_who_is_taken_out_of_the_file_loses_every_right(platform: Platform, passing: Release) -> None:
    assert passing
    platform.install(release(members={VIEWER: "edit"}))
    for kind in ("rolebinding", "authorizationpolicy.security.istio.io"):
        assert not platform.there(kind, binding_name(EDITOR, "edit"), NAME)
        assert not platform.there(kind, binding_name(VIEWER, "view"), NAME)
        assert platform.there(kind, binding_name(VIEWER, "edit"), NAME)


def test_what_the_profile_controller_writes_is_in_no_upgrades_way(platform: Platform, passing: Release) -> None:
    # It sends the whole Profile back at every pass, with what Go's types add.
    said = '{"spec": {"resourceQuotaSpec": {}}, "status": {}, "metadata": {"finalizers": ["profile-finalizer"]}}'
    arguments = ("patch", f"profile.kubeflow.org/{NAME}", "--type=merge", "--field-manager=manager")
    platform.cluster.kubectl(*arguments, f"--patch={said}")
    platform.install(passing)
    platform.install(release(owner="gil@example.com"))
    found = platform.cluster.get("profile.kubeflow.org", NAME)
    assert found["spec"]["owner"]["name"] == "gil@example.com"
    assert found["spec"]["resourceQuotaSpec"] == {}
    assert found["metadata"]["finalizers"] == ["profile-finalizer"]
    # As it does when the Profile goes.
    platform.cluster.kubectl(*arguments, '--patch={"metadata": {"finalizers": null}}')


def test_an_upgrade_without_a_change_changes_nothing(platform: Platform, passing: Release) -> None:
    def versions() -> dict[str, str]:
        found = [
            platform.cluster.get(each["kind"], each["metadata"]["name"], namespace=each["metadata"].get("namespace"))
            for each in passing.objects
            if each["kind"] != "ResourceQuota"  # Kubernetes counts in it
        ]
        return {f"{each['kind']}/{each['metadata']['name']}": each["metadata"]["resourceVersion"] for each in found}

    before = versions()
    platform.install(passing)
    assert versions() == before
