"""The real profile controller under our account: it may do all that it must, and leaves the tenant's release alone."""

from collections.abc import Generator
from pathlib import Path
from uuid import uuid4

import pytest

from mlplatform.local.cluster.ports import free_ports
from mlplatform.manifests.kubeflow import profiles
from mlplatform.manifests.kubeflow.profile_namespace import NAMESPACE_LABELS
from tests.cluster.charts import history
from tests.cluster.kubeflow.conftest import Tenancy
from tests.cluster.kubeflow.programs import named, until
from tests.manifests.kubeflow.found import one, pods

PROGRAM = ("MLP_PROFILE_CONTROLLER", "profile-controller", "profiles-controller-service-account")


@pytest.fixture(scope="module")
def log(request: pytest.FixtureRequest) -> Generator[Path]:
    """What the controller writes, while it runs."""
    program = named(*PROGRAM)
    tenancy: Tenancy = request.getfixturevalue("tenancy")
    objects = profiles.objects(tenancy.settings)
    labels = tenancy.folder / "namespace-labels.yaml"
    labels.write_text(one(objects, "ConfigMap")["data"][labels.name])
    [container] = pods(objects)["containers"]
    health, metrics = free_ports(2)
    # Outside a pod it does not know where to hold an election.
    given = [each for each in container["args"] if not each.startswith(("--leader-elect", "--health", "--metrics"))]
    own = [
        f"--namespace-labels-path={labels}",
        f"--health-probe-bind-address=127.0.0.1:{health}",
        f"--metrics-bind-address=127.0.0.1:{metrics}",
    ]
    with program.run(tenancy.cluster, tenancy.folder, [*given, *own]) as written:
        tenancy.install()
        until(tenancy.is_made, written.read_text()[-2000:] or "the controller makes what it makes")
        yield written


def test_the_tenants_service_account_gets_its_role_and_the_owner_the_namespace(log: Path, tenancy: Tenancy) -> None:
    arn = tenancy.settings.names.role_arn(f"tenant-{tenancy.name}")
    account = tenancy.there("serviceaccount", "default-editor")
    until(lambda: tenancy.there("serviceaccount", "default-editor")["metadata"].get("annotations") is not None, "the annotation")
    account = tenancy.there("serviceaccount", "default-editor")
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == arn
    owner = tenancy.there("rolebinding", "namespaceAdmin")
    assert owner["roleRef"]["name"] == "kubeflow-admin"
    assert [subject["name"] for subject in owner["subjects"]] == [tenancy.tenant.owner]
    assert "forbidden" not in log.read_text()


@pytest.mark.usefixtures("log")
def test_the_release_is_upgraded_as_if_the_controller_were_not_there(tenancy: Tenancy) -> None:
    profile = ("profile", tenancy.name)
    until(lambda: "finalizers" in tenancy.there(*profile)["metadata"], "the controller's finalizer")
    before = tenancy.there("namespace", tenancy.name)["metadata"]["resourceVersion"]
    tenancy.install()
    assert history(tenancy.cluster, tenancy.release)[-1] == "deployed"
    assert "finalizers" in tenancy.there(*profile)["metadata"]
    assert tenancy.there("namespace", tenancy.name)["metadata"]["resourceVersion"] == before


def test_a_profile_that_somebody_makes_by_hand_becomes_a_namespace_with_a_quota_and_goes_with_it(log: Path, tenancy: Tenancy) -> None:
    name = f"test-{uuid4().hex[:8]}"
    made = {
        "apiVersion": "kubeflow.org/v1",
        "kind": "Profile",
        "metadata": {"name": name},
        "spec": {"owner": {"kind": "User", "name": "ann@example.com"}, "resourceQuotaSpec": {"hard": {"cpu": "4"}}},
    }
    tenancy.cluster.apply(made)
    until(lambda: tenancy.there("resourcequota", "kf-resource-quota", name) is not None, "the quota")
    labels = tenancy.there("namespace", name)["metadata"]["labels"]
    assert NAMESPACE_LABELS.items() <= labels.items()
    tenancy.cluster.kubectl("patch", "profile", name, "--type=merge", '--patch={"spec":{"resourceQuotaSpec":null}}')
    until(lambda: tenancy.there("resourcequota", "kf-resource-quota", name) is None, "the quota goes")
    tenancy.cluster.kubectl("delete", "profile", name, "--wait=false")
    until(lambda: tenancy.there("profile", name) is None, "the profile goes")
    assert "forbidden" not in log.read_text()


def test_a_profile_takes_no_namespace_that_has_another_owner(log: Path, tenancy: Tenancy) -> None:
    name = f"test-{uuid4().hex[:8]}"
    tenancy.cluster.kubectl("create", "namespace", name)
    made = {"apiVersion": "kubeflow.org/v1", "kind": "Profile", "metadata": {"name": name}}
    tenancy.cluster.apply({**made, "spec": {"owner": {"kind": "User", "name": "ann@example.com"}}})
    until(lambda: "not owned by profile creator" in log.read_text(), "the controller refuses it")
    assert tenancy.there("serviceaccount", "default-editor", name) is None
