"""A tenant's whole life beside the real profile controller: a new owner, kept and taken back, deleted with its finalizer."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.manifests import Release, releases
from mlplatform.manifests.kubeflow.profile_namespace import MADE_BY_THE_CONTROLLER
from tests.cluster.charts import history
from tests.cluster.kubeflow.programs import named, until
from tests.cluster.tenants.platform import OWNER, Platform, environment, prepared, vision_as
from tests.manifests.kubeflow.found import one, pods

PROGRAM = ("MLP_PROFILE_CONTROLLER", "profile-controller", "profiles-controller-service-account")
NAME, NEW_OWNER = "watched", "gil@example.com"


@pytest.fixture(scope="module")
def platform(programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A cluster apart from the other tests': the controller acts on every tenant that it finds."""
    with prepared(programs, tmp_path_factory.mktemp("watched")) as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def controller(request: pytest.FixtureRequest) -> Generator[None]:
    """The controller with its own account; its pod is left out, because it runs beside the cluster."""
    program = named(*PROGRAM)
    platform: Platform = request.getfixturevalue("platform")
    [release] = [each for each in releases(environment()) if each.name == "profiles"]
    platform.install(replace(release, objects=[each for each in release.objects if each["kind"] != "Deployment"]))
    labels = platform.folder.parent / "namespace-labels.yaml"
    labels.write_text(one(release.objects, "ConfigMap")["data"][labels.name])
    [container] = pods(release.objects)["containers"]
    own = ("--leader-elect", "--health", "--metrics")
    given = [each for each in container["args"] if not each.startswith(own)]
    added = ["--health-probe-bind-address=0", "--metrics-bind-address=0", f"--namespace-labels-path={labels}"]
    with program.run(platform.cluster, labels.parent, [*given, *added]) as log:
        yield
        assert "forbidden" not in log.read_text()


def release(**changed: object) -> Release:
    return vision_as(NAME, **changed)


@pytest.fixture
def watched(platform: Platform) -> Generator[Release]:
    """The tenant, made by the release and finished by the controller; gone after the test."""
    made = release()
    platform.install(made)
    for kind, name in MADE_BY_THE_CONTROLLER:
        if kind != "ResourceQuota":
            until(lambda kind=kind, name=name: platform.there(kind, name, NAME), f"{kind} {name} is made")
    until(lambda: "finalizers" in profile(platform)["metadata"], "the controller is done with the Profile")
    yield made
    platform.install(release(removal="delete"))
    delete(platform, made)


def delete(platform: Platform, made: Release) -> None:
    platform.uninstall(made)
    # Where the namespace goes before its Profile, the controller makes it again, and Kubernetes deletes it with the Profile.
    until(lambda: not platform.there("profile.kubeflow.org", NAME), "the Profile is gone")
    until(lambda: not platform.there("namespace", NAME), "the namespace is gone")


def profile(platform: Platform) -> dict[str, Any]:
    return platform.cluster.get("profile.kubeflow.org", NAME)


def owner(platform: Platform) -> tuple[str, str]:
    """Return who has the owner's rights, and who the dashboard thinks has."""
    found = platform.cluster.get("rolebindings", "--field-selector=metadata.name=namespaceAdmin", namespace=NAME)["items"]
    return (found[0]["subjects"][0]["name"], found[0]["metadata"]["annotations"]["user"]) if found else ("", "")


def test_a_new_owner_has_the_rights_at_once_and_the_namespace_in_the_dashboard_once_the_old_binding_is_deleted(
    platform: Platform, watched: Release
) -> None:
    platform.install(watched)
    platform.install(release(owner=NEW_OWNER))
    # The controller changes whom a binding is for, and not the annotation that the dashboard lists by.
    until(lambda: owner(platform) == (NEW_OWNER, OWNER), "the new owner has the rights")
    platform.cluster.kubectl("delete", "rolebinding/namespaceAdmin", f"--namespace={NAME}")
    until(lambda: owner(platform) == (NEW_OWNER, NEW_OWNER), "the controller makes the binding anew")
    platform.install(release(owner=NEW_OWNER))
    assert history(platform.cluster, watched) == ["superseded"] * 3 + ["deployed"]


def test_the_quota_of_the_release_is_not_the_controllers_to_delete(platform: Platform, watched: Release) -> None:
    assert watched
    quotas = platform.cluster.get("resourcequotas", namespace=NAME)["items"]
    assert [each["metadata"]["name"] for each in quotas] == ["tenant"]


def test_a_kept_tenant_stays_whole_and_is_taken_back(platform: Platform, watched: Release) -> None:
    before = platform.cluster.get("serviceaccount", "default-editor", namespace=NAME)["metadata"]["uid"]
    platform.uninstall(watched)
    assert owner(platform) == (OWNER, OWNER)
    platform.install(watched)
    assert platform.cluster.get("serviceaccount", "default-editor", namespace=NAME)["metadata"]["uid"] == before


def test_a_deleted_tenant_is_gone_for_good(platform: Platform, watched: Release) -> None:
    platform.install(release(removal="delete"))
    delete(platform, watched)
    assert recorded(platform) == []


def recorded(platform: Platform) -> list[str]:
    found = platform.cluster.helm("list", "--all-namespaces", "--filter", f"^tenant-{NAME}$", "--short")
    return found.split()
