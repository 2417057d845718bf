"""What accounts of ours may do in every namespace, and which of it is as good as everything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlplatform.manifests.closure.labels import selects
from mlplatform.manifests.objects import Object, Ref, entries, fields, kind_of, text
from tests.manifests.hardening.installed import Installed

_RBAC = "rbac.authorization.k8s.io"
_EVERYTHING: Mapping[str, Any] = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
_BUILT_IN: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "cluster-admin": [_EVERYTHING],
    # Asks the API server whose token it was shown: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#other-component-roles
    "system:auth-delegator": [{"apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"], "verbs": ["create"]}],
}
_READS, _WRITES = ("get", "list", "watch"), ("create", "update", "patch")
_WORKLOADS = ("pods", "deployments", "daemonsets", "statefulsets", "replicasets", "jobs", "cronjobs", "replicationcontrollers")


def may_read_every_secret(installed: Installed) -> Iterator[str]:
    yield from _who(installed, lambda rights: rights.may("secrets", _READS))


def may_speak_for_every_account(installed: Installed) -> Iterator[str]:
    yield from _who(
        installed,
        lambda rights: (
            rights.may("serviceaccounts/token", ["create"]) or rights.may(("users", "groups", "serviceaccounts"), ["impersonate"])
        ),
    )


def may_give_rights_that_it_has_not(installed: Installed) -> Iterator[str]:
    yield from _who(installed, lambda rights: rights.may(("roles", "clusterroles"), ["bind", "escalate"], _RBAC, named=True))


def may_run_what_it_likes_everywhere(installed: Installed) -> Iterator[str]:
    yield from _who(
        installed,
        lambda rights: (
            rights.may(_WORKLOADS, _WRITES, "*") or rights.may(("pods/exec", "pods/attach", "pods/ephemeralcontainers"), _WRITES)
        ),
    )


def may_change_what_the_api_server_asks(installed: Installed) -> Iterator[str]:
    asked = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations", "customresourcedefinitions", "apiservices")
    yield from _who(installed, lambda rights: rights.may(asked, _WRITES, "*"))


def may_do_what_kubelets_do(installed: Installed) -> Iterator[str]:
    yield from _who(installed, lambda rights: rights.may(("nodes/proxy", "certificatesigningrequests/approval"), ("get", *_WRITES), "*"))


@dataclass(frozen=True)
class _Rights:
    """What one binding gives in every namespace."""

    rules: Sequence[Mapping[str, Any]]

    def may(self, resources: str | Sequence[str], verbs: Sequence[str], group: str = "", *, named: bool = False) -> bool:
        """Whether one of the resources may be used in one of the ways; where objects of some names alone may, only if `named`."""
        asked = (resources,) if isinstance(resources, str) else resources
        return any(
            (named or not rule.get("resourceNames"))
            and (group == "*" or _among([group], rule.get("apiGroups", [])))
            and _among(asked, rule.get("resources", []))
            and _among(verbs, rule["verbs"])
            for rule in self.rules
        )


def _among(wanted: Sequence[str], named: Sequence[str]) -> bool:
    return "*" in named or any(name in named for name in wanted)


def _who(installed: Installed, has: Callable[[_Rights], bool]) -> Iterator[str]:
    """Yield the subjects whose ClusterRoles give them something in every namespace."""
    for environment in installed.settings:
        for binding, rules in _bound(installed, environment):
            if has(_Rights(rules)):
                for subject in entries(binding, "subjects"):
                    yield str(Ref(text(subject, "kind"), text(subject, "name"), text(subject, "namespace")))


def _bound(installed: Installed, environment: str) -> Iterator[tuple[Object, Sequence[Mapping[str, Any]]]]:
    own = [obj for name, obj in installed.objects if name == environment]
    roles = {text(obj, "metadata", "name"): obj for obj in own if kind_of(obj) == f"ClusterRole.{_RBAC}"}
    for obj in own:
        if kind_of(obj) == f"ClusterRoleBinding.{_RBAC}":
            yield obj, _rules(text(obj, "roleRef", "name"), roles)


def _rules(name: str, roles: Mapping[str, Object]) -> Sequence[Mapping[str, Any]]:
    """Return a ClusterRole's rules; one that is neither ours nor known may do everything."""
    if name not in roles:
        return _BUILT_IN.get(name, [_EVERYTHING])
    role = roles[name]
    selectors = entries(role, "aggregationRule", "clusterRoleSelectors")
    parts = [part for part in roles for selector in selectors if selects(selector, fields(roles[part], "metadata", "labels"))]
    return [*entries(role, "rules"), *(rule for part in parts for rule in _rules(part, roles))]
