"""What people and pods of a tenant may do, by the real authorizer: work in their namespace, and reach nothing anywhere else."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

from mlplatform.manifests.tenants.releases import tenant_release
from tests.cluster.tenants.platform import (
    DEPUTY,
    EDITOR,
    OTHER_OWNER,
    OWNER,
    VIEWER,
    Platform,
    environment,
    made_by_the_profile_controller,
)

ACCOUNT = "system:serviceaccount:vision:default-editor"
ACCOUNTS = ("system:serviceaccounts", "system:serviceaccounts:vision")
GROUPS = {ACCOUNT: ACCOUNTS}
ADMINISTRATORS, EDITORS = (OWNER, DEPUTY), (EDITOR, ACCOUNT)
EVERYONE = (*ADMINISTRATORS, *EDITORS, VIEWER)
STRANGER = "nobody@example.com"
ELSEWHERE = ("speech", "kubeflow", "istio-system", "auth", "cert-manager", "external-secrets", "node-agents", "kube-system", "default")
READ, WRITE = ("get", "list", "watch"), ("create", "update", "patch", "delete")
TRIED = ("get", "list", "create", "delete")
WORK = (
    ("", "pods"),
    ("", "secrets"),
    ("", "configmaps"),
    ("", "services"),
    ("", "persistentvolumeclaims"),
    ("apps", "deployments"),
    ("batch", "jobs"),
)
FENCES = (
    *(("", resource) for resource in ("resourcequotas", "limitranges", "namespaces")),
    ("kubeflow.org", "profiles"),
    ("admissionregistration.k8s.io", "mutatingadmissionpolicies"),
    ("security.istio.io", "authorizationpolicies"),
    ("networking.k8s.io", "networkpolicies"),
    ("networking.k8s.io", "ingresses"),
    ("", "endpoints"),
)
OF_THE_CLUSTER = (
    *(("", resource) for resource in ("nodes", "persistentvolumes", "namespaces")),
    *(("rbac.authorization.k8s.io", resource) for resource in ("clusterroles", "clusterrolebindings")),
    ("kubeflow.org", "profiles"),
    ("karpenter.sh", "nodepools"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
)


@pytest.fixture(scope="module", autouse=True)
def tenants(platform: Platform) -> None:
    """Two tenants, each with what the profile controller makes of it."""
    settings = environment()
    for name, tenant in settings.tenants.items():
        platform.install(tenant_release(settings, name, tenant))
        platform.cluster.apply(*made_by_the_profile_controller(name, tenant.owner))
    # The roles are sums, which Kubernetes makes a moment after their parts.
    platform.cluster.wait("clusterrole/kubeflow-admin", "jsonpath={.rules}")


def asked(namespace: str, verbs: Iterable[str], resources: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"namespace": namespace, "verb": verb, "group": group, "resource": name} for verb, (group, name) in product(verbs, resources)]


@pytest.mark.parametrize("who", [*ADMINISTRATORS, *EDITORS])
def test_an_editor_works_in_the_tenants_namespace(platform: Platform, who: str) -> None:
    inside = [{"namespace": "vision", "verb": "create", "resource": "pods", "subresource": each} for each in ("exec", "portforward")]
    assert all(platform.may([*asked("vision", (*READ, *WRITE), WORK), *inside], who, GROUPS.get(who, ())))


def test_a_viewer_reads_what_runs_and_neither_changes_it_nor_reads_secrets(platform: Platform) -> None:
    visible = [each for each in WORK if each != ("", "secrets")]
    logs = {"namespace": "vision", "verb": "get", "resource": "pods", "subresource": "log"}
    assert all(platform.may([*asked("vision", READ, visible), logs], VIEWER))
    assert not any(platform.may([*asked("vision", WRITE, WORK), *asked("vision", READ, [("", "secrets")])], VIEWER))


def test_owner_and_administrators_let_others_in_and_editors_do_not(platform: Platform) -> None:
    letting = asked("vision", WRITE, [("rbac.authorization.k8s.io", "rolebindings")])
    for who in EVERYONE:
        assert set(platform.may(letting, who, GROUPS.get(who, ()))) == {who in ADMINISTRATORS}, who


@pytest.mark.parametrize("who", EVERYONE)
def test_nobody_of_a_tenant_moves_the_fences_around_it(platform: Platform, who: str) -> None:
    assert not any(platform.may(asked("vision", WRITE, FENCES), who, GROUPS.get(who, ())))


@pytest.mark.parametrize("who", EVERYONE)
def test_in_every_other_namespace_a_tenants_people_and_pods_may_do_what_strangers_may(platform: Platform, who: str) -> None:
    groups = GROUPS.get(who, ())
    nothing = platform.rules_of("system:serviceaccount:vision:default" if groups else STRANGER, ELSEWHERE, groups)
    assert platform.rules_of(who, ELSEWHERE, groups) == nothing
    assert not any(word in rule for rules in nothing.values() for rule in rules for word in ("secrets", "pods", "*"))


def test_another_tenants_secrets_pods_and_bindings_are_out_of_reach(platform: Platform) -> None:
    there = [*WORK, ("rbac.authorization.k8s.io", "rolebindings"), ("", "serviceaccounts")]
    for who in EVERYONE:
        assert not any(platform.may(asked("speech", TRIED, there), who, GROUPS.get(who, ())))
    assert not any(platform.may(asked("vision", TRIED, there), OTHER_OWNER))
    assert all(platform.may(asked("speech", (*READ, *WRITE), WORK), OTHER_OWNER))


@pytest.mark.parametrize("who", EVERYONE)
def test_nothing_of_the_whole_cluster_is_a_tenants_to_see_or_change(platform: Platform, who: str) -> None:
    everywhere = [*asked("", ("list", *WRITE), OF_THE_CLUSTER), *asked("", ("list", "watch"), WORK)]
    everywhere += [{"verb": "impersonate", "resource": each} for each in ("users", "groups", "serviceaccounts")]
    assert not any(platform.may(everywhere, who, GROUPS.get(who, ())))
