"""What a component may do in the cluster.

Separate because a role and its binding must agree in name, group and subject.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes.metadata import metadata, obj

Rule = Mapping[str, Any]
"""One entry of a role's `rules`."""
LEADER_ELECTION: Sequence[Rule] = (
    {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["create", "get", "list", "patch", "update", "watch"]},
    {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
)
"""What a controller of several replicas needs in its own namespace, to agree on the one that acts."""
_API = "rbac.authorization.k8s.io/v1"


def rule(group: str, resources: Sequence[str], verbs: Sequence[str], *, names: Sequence[str] = ()) -> Rule:
    """Return a rule for resources of one API group (empty for the core group), of these names where they are given."""
    made: dict[str, Any] = {"apiGroups": [group], "resources": list(resources), "verbs": list(verbs)}
    return made | {"resourceNames": list(names)} if names else made


def cluster_role(name: str, rules: Sequence[Rule], *, further: Mapping[str, str] | None = None) -> Object:
    """Return a ClusterRole."""
    return obj(_API, "ClusterRole", metadata(name, further=further), rules=list(rules))


def aggregated_cluster_role(name: str, selector: Mapping[str, str], *, further: Mapping[str, str] | None = None) -> Object:
    """Return a ClusterRole that is the sum of those with these labels.

    It has no `rules` of its own: Kubernetes writes them, and Helm would fight it over them at every upgrade.
    """
    rule = {"clusterRoleSelectors": [{"matchLabels": dict(selector)}]}
    return obj(_API, "ClusterRole", metadata(name, further=further), aggregationRule=rule)


def cluster_role_binding(name: str, role: str, account: str, namespace: str) -> Object:
    """Return the binding of a ClusterRole to a ServiceAccount."""
    return obj(_API, "ClusterRoleBinding", metadata(name), roleRef=_ref("ClusterRole", role), subjects=[_subject(account, namespace)])


def role(name: str, namespace: str, rules: Sequence[Rule]) -> Object:
    """Return a Role."""
    return obj(_API, "Role", metadata(name, namespace), rules=list(rules))


def role_binding(name: str, namespace: str, role: str, account: str, *, kind: str = "Role", account_namespace: str = "") -> Object:
    """Return the binding, in a namespace, of a Role or ClusterRole to a ServiceAccount of that namespace or another."""
    subjects = [_subject(account, account_namespace or namespace)]
    return obj(_API, "RoleBinding", metadata(name, namespace), roleRef=_ref(kind, role), subjects=subjects)


def granted(name: str, namespace: str, account: str, *, everywhere: Sequence[Rule] = (), own: Sequence[Rule] = ()) -> list[Object]:
    """Return the roles and bindings of a ServiceAccount, called `name`: what it may do in every namespace, and what in its own."""
    cluster = [cluster_role(name, everywhere), cluster_role_binding(name, name, account, namespace)]
    single = [role(name, namespace, own), role_binding(name, namespace, name, account)]
    return [*(cluster if everywhere else ()), *(single if own else ())]


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}


def _subject(account: str, namespace: str) -> dict[str, str]:
    return {"kind": "ServiceAccount", "name": account, "namespace": namespace}
