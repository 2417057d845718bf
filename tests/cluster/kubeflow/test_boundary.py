"""Where access management and the profile controller may act, as a real API server decides it."""

import copy
import json
import time
from collections.abc import Callable, Generator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from mlplatform.config.load import load
from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.kubeflow import access_management, profiles
from mlplatform.manifests.kubeflow.boundary import boundary
from mlplatform.manifests.objects import Object
from tests.cluster.cluster import Cluster, RefusedError

KFAM, CONTROLLER = "profiles-kfam", "profiles-controller-service-account"


class Accounts:
    """Both accounts with their own rights, in a namespace of the test's."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.home = cluster, f"test-{uuid4().hex[:12]}"
        self._namespaces: list[str] = []

    def user(self, account: str) -> str:
        return f"system:serviceaccount:{self.home}:{account}"

    def namespace(self, **annotations: str) -> str:
        """Make a namespace: a tenant's where somebody is its `owner`."""
        name = f"test-{uuid4().hex[:12]}"
        labels = dict(TENANT) if annotations else {}
        metadata = {"name": name, "labels": labels, "annotations": annotations}
        self.cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        self._namespaces.append(name)
        return name

    def bind(self, namespace: str, role: str, *, by: str) -> str:
        user = "--user=contributor@example.com"
        return self.cluster.kubectl(
            "create",
            "rolebinding",
            f"test-{uuid4().hex[:8]}",
            f"--clusterrole={role}",
            user,
            f"--namespace={namespace}",
            f"--as={self.user(by)}",
        )

    def label(self, namespace: str, *, by: str) -> str:
        """Change a namespace as the controller does: the whole of it, in place of what is there."""
        there = self.cluster.get("namespace", namespace)
        there["metadata"]["labels"]["example.com/test"] = "true"
        return self.cluster.kubectl("replace", "--filename=-", f"--as={self.user(by)}", stdin=json.dumps(there))

    def refused(self, act: Callable[[], Any]) -> str:
        """Return why something is refused; the API server takes a policy up a moment after it was made."""
        for _ in range(100):
            try:
                act()
            except RefusedError as error:
                return str(error)
            time.sleep(0.1)
        return pytest.fail("it is not refused")

    def install(self) -> Sequence[Object]:
        settings = load("global-dev")
        everything = [*profiles.objects(settings), *access_management.objects(settings)]
        made = [self._own(obj) for obj in everything if obj["kind"] in ("ClusterRole", "ClusterRoleBinding")]
        made += [self._own(obj) for obj in boundary([self.user(KFAM), self.user(CONTROLLER)])]
        self.cluster.apply(*made)
        return made

    def _own(self, obj: Object) -> dict[str, Any]:
        """Return a copy under a name of the test's own: the cluster is shared."""
        made = copy.deepcopy(dict(obj))
        made["metadata"]["name"] += f"-{self.home}"
        if made["kind"] == "ClusterRoleBinding":
            made["roleRef"]["name"] += f"-{self.home}"
            made["subjects"][0]["namespace"] = self.home
        if made["kind"] == "ValidatingAdmissionPolicyBinding":
            made["spec"]["policyName"] = f"{made['spec']['policyName']}-{self.home}"
        return made

    def remove(self, made: Sequence[Object]) -> None:
        self.cluster.kubectl("delete", "--wait=false", *(f"{obj['kind']}/{obj['metadata']['name']}" for obj in made))
        self.cluster.kubectl("delete", "--wait=false", "namespace", *self._namespaces)


@pytest.fixture(scope="module")
def accounts(cluster: Cluster) -> Generator[Accounts]:
    found = Accounts(cluster)
    made = found.install()
    yield found
    found.remove(made)


@pytest.mark.parametrize("account", [KFAM, CONTROLLER])
def test_roles_are_given_away_in_a_tenants_namespace_and_in_none_of_the_platforms(accounts: Accounts, account: str) -> None:
    ours = accounts.namespace()
    reason = accounts.refused(lambda: accounts.bind(ours, "kubeflow-edit", by=account))
    assert f"{accounts.user(account)} acts in namespaces of tenants alone" in reason
    accounts.bind(accounts.namespace(owner="ann@example.com"), "kubeflow-edit", by=account)


@pytest.mark.parametrize(("account", "role"), [(KFAM, "edit"), (KFAM, "admin"), (CONTROLLER, "cluster-admin"), (CONTROLLER, "admin")])
def test_no_role_is_given_away_but_those_of_a_namespace(accounts: Accounts, account: str, role: str) -> None:
    tenant = accounts.namespace(owner="ann@example.com")
    with pytest.raises(RefusedError, match="attempting to grant RBAC permissions not currently held"):
        accounts.bind(tenant, role, by=account)


def test_the_controller_makes_no_tenants_of_the_platforms_namespaces(accounts: Accounts) -> None:
    ours = accounts.namespace()
    assert "namespaces of tenants alone" in accounts.refused(lambda: accounts.label(ours, by=CONTROLLER))
    accounts.label(accounts.namespace(owner="ann@example.com"), by=CONTROLLER)


def test_everybody_else_is_not_asked_about(accounts: Accounts) -> None:
    accounts.cluster.kubectl(
        "create", "rolebinding", "test", "--clusterrole=view", "--user=a@example.com", f"--namespace={accounts.namespace()}"
    )
