"""What people may do in a tenant's namespace."""

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.manifests.closure.labels import selects
from mlplatform.manifests.kubeflow.roles import ADMIN, EDIT, VIEW, objects
from mlplatform.manifests.objects import Object, entries, fields

ROLES: Mapping[str, Object] = {obj["metadata"]["name"]: obj for obj in objects(load("china-dev"))}


def summed(name: str) -> list[Mapping[str, Any]]:
    """Return the rules that Kubernetes' controller writes into an aggregated role."""
    role = ROLES[name]
    selectors = entries(role, "aggregationRule", "clusterRoleSelectors")
    parts = [other for other in ROLES for selector in selectors if selects(selector, fields(ROLES[other], "metadata", "labels"))]
    return [*entries(role, "rules"), *(rule for part in parts for rule in summed(part))]


def may(role: str, verb: str, resource: str, group: str = "") -> bool:
    def among(wanted: str, named: Collection[str]) -> bool:
        return wanted in named or "*" in named

    return any(
        among(verb, rule["verbs"]) and among(resource, rule["resources"]) and among(group, rule["apiGroups"]) for rule in summed(role)
    )


@pytest.mark.parametrize(
    ("group", "resource"), [("", "pods"), ("", "secrets"), ("", "persistentvolumeclaims"), ("batch", "jobs"), ("apps", "statefulsets")]
)
def test_who_edits_works_with_these_and_who_views_does_not(group: str, resource: str) -> None:
    assert may(EDIT, "create", resource, group)
    assert not may(VIEW, "create", resource, group)


def test_who_administers_may_all_that_editors_may_and_editors_all_that_viewers_may() -> None:
    assert may(ADMIN, "create", "rolebindings", "rbac.authorization.k8s.io")
    assert not may(EDIT, "create", "rolebindings", "rbac.authorization.k8s.io")
    assert all(rule in summed(ADMIN) for rule in summed(EDIT))
    assert all(rule in summed(EDIT) for rule in summed(VIEW))


def test_who_views_sees_logs_and_no_secret() -> None:
    assert may(VIEW, "get", "pods/log")
    assert not may(VIEW, "get", "secrets")


@pytest.mark.parametrize("role", [ADMIN, EDIT, VIEW])
@pytest.mark.parametrize(
    ("group", "resource"),
    [
        ("", "endpoints"),
        ("discovery.k8s.io", "endpointslices"),
        ("networking.k8s.io", "ingresses"),
        ("networking.k8s.io", "networkpolicies"),
        ("networking.istio.io", "virtualservices"),
        ("security.istio.io", "authorizationpolicies"),
        ("", "namespaces"),
        ("", "resourcequotas"),
        ("", "limitranges"),
        ("", "serviceaccounts/token"),
        ("kubeflow.org", "profiles"),
    ],
)
def test_nobody_in_a_tenants_namespace_changes_what_fences_it(role: str, group: str, resource: str) -> None:
    assert not any(may(role, verb, resource, group) for verb in ("create", "update", "patch", "delete"))


def test_a_role_that_is_a_sum_has_no_rules_that_helm_would_fight_over() -> None:
    sums = [role for role in ROLES.values() if "aggregationRule" in role]
    assert {role["metadata"]["name"] for role in sums} == {ADMIN, EDIT, VIEW, "kubeflow-istio-admin"}
    assert all("rules" not in role for role in sums)


def test_an_environment_without_tenants_has_none_of_them() -> None:
    settings = load("china-dev")
    without = settings.model_copy(update={"kubeflow": settings.kubeflow.model_copy(update={"components": ("entrance", "sign-in")})})
    assert objects(without) == []
