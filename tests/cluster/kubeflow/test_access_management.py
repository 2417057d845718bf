"""The real access management under our account: it lists and invites, and makes and deletes no tenant."""

import json
import urllib.error
import urllib.request
from collections.abc import Generator
from typing import Any

import pytest

from mlplatform.local.cluster.ports import listens
from mlplatform.manifests.kubeflow import access_management
from mlplatform.manifests.kubeflow.profile_namespace import binding_name
from tests.cluster.kubeflow.conftest import Tenancy
from tests.cluster.kubeflow.programs import named, until
from tests.manifests.kubeflow.found import pods

PROGRAM = ("MLP_ACCESS_MANAGEMENT", "access-management", "profiles-kfam")
PORT = access_management.PORT
INVITED = "invited@example.com"


class Caller:
    """Somebody who asks, by the header that the gateway would write."""

    def __init__(self, name: str) -> None:
        self.name = name

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return the answer's status and content."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}/kfam/v1/{path}", content, {"kubeflow-userid": self.name}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                text = answer.read().decode()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def contributor(namespace: str) -> dict[str, Any]:
    """Return what the dashboard sends when an owner invites somebody."""
    return {
        "user": {"kind": "User", "name": INVITED},
        "referredNamespace": namespace,
        "RoleRef": {"kind": "ClusterRole", "name": "edit"},
    }


@pytest.fixture(scope="module")
def tenant(request: pytest.FixtureRequest) -> Generator[Tenancy]:
    """A tenant, while access management runs."""
    program = named(*PROGRAM)
    if listens(PORT):
        pytest.skip(f"somebody listens on port {PORT}, which access management has in its code")
    tenancy: Tenancy = request.getfixturevalue("tenancy")
    tenancy.install()
    [container] = pods(access_management.objects(tenancy.settings))["containers"]
    with program.run(tenancy.cluster, tenancy.folder, container["args"]):
        until(lambda: listens(PORT), "access management listens")
        yield tenancy


def test_members_of_a_tenant_are_listed_with_their_roles(tenant: Tenancy) -> None:
    status, found = Caller(tenant.tenant.owner).ask("GET", f"bindings?namespace={tenant.name}")
    assert status == 200
    listed = {(entry["user"]["name"], entry["RoleRef"]["name"]) for entry in found["bindings"]}
    assert set(tenant.tenant.members.items()) <= listed
    member = next(iter(tenant.tenant.members))
    _, own = Caller(member).ask("GET", f"bindings?user={member}")
    assert tenant.name in [entry["referredNamespace"] for entry in own["bindings"]]


def test_an_owner_invites_a_contributor_and_takes_it_back(tenant: Tenancy) -> None:
    owner, name = Caller(tenant.tenant.owner), binding_name(INVITED, "edit")
    assert owner.ask("POST", "bindings", contributor(tenant.name))[0] == 200
    assert tenant.there("rolebinding", name)["roleRef"]["name"] == "kubeflow-edit"
    assert tenant.there("authorizationpolicy", name)
    # It reads bindings from a copy that is a moment old.
    until(lambda: owner.ask("DELETE", "bindings", contributor(tenant.name))[0] == 200, "the binding is deleted")
    assert tenant.there("rolebinding", name) is None
    assert tenant.there("authorizationpolicy", name) is None


def test_nobody_but_the_owner_invites(tenant: Tenancy) -> None:
    assert Caller("stranger@example.com").ask("POST", "bindings", contributor(tenant.name))[0] == 403


def test_an_owner_gives_away_no_more_than_a_contributors_role(tenant: Tenancy) -> None:
    body = contributor(tenant.name)
    body["RoleRef"]["name"] = "admin"
    status, reason = Caller(tenant.tenant.owner).ask("POST", "bindings", body)
    assert status == 403
    assert "kubeflow-admin" in reason or "attempting to grant" in reason


def test_nobody_makes_a_tenant_for_himself(tenant: Tenancy) -> None:
    profile = {"metadata": {"name": "my-own"}, "spec": {"owner": {"kind": "User", "name": "stranger@example.com"}}}
    status, reason = Caller("stranger@example.com").ask("POST", "profiles", profile)
    assert status == 403
    assert "forbidden" in reason
    assert tenant.there("profile", "my-own") is None


def test_not_even_the_owner_deletes_a_tenant(tenant: Tenancy) -> None:
    status, _ = Caller(tenant.tenant.owner).ask("DELETE", f"profiles/{tenant.name}")
    assert status == 401
    assert "deletionTimestamp" not in tenant.there("profile", tenant.name)["metadata"]
