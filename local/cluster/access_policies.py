"""AWS's access policies as RBAC: what EKS's own authorizer grants, granted by roles and bindings.

Separate because these are the only objects that the local cluster adds to an empty one, all named `eks:...`.
https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from mlplatform.local.cluster.access import AccessEntry, PolicyAssociation
from mlplatform.local.cluster.api import Api, ApiError, Object

_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_API_VERSION = "rbac.authorization.k8s.io/v1"
_EVERYTHING = {"apiGroups": ["*"], "resources": ["*"]}
# EKS's policies are lists of their own: they do not grow with the roles that charts aggregate into view, edit and admin.
# The lists are those of Kubernetes before any chart.
_PARTS = {
    "AmazonEKSAdminPolicy": ("admin", "edit", "view"),
    "AmazonEKSEditPolicy": ("edit", "view"),
    "AmazonEKSViewPolicy": ("view",),
}
_RULES: dict[str, list[dict[str, list[str]]]] = {
    "AmazonEKSClusterAdminPolicy": [_EVERYTHING | {"verbs": ["*"]}, {"nonResourceURLs": ["*"], "verbs": ["*"]}],
    "AmazonEKSAdminViewPolicy": [_EVERYTHING | {"verbs": ["get", "list", "watch"]}],
}
KNOWN = frozenset({*_PARTS, *_RULES})
"""The policies that the local cluster plays."""


class AccessPolicies:
    """The policies in one cluster."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def install(self) -> None:
        """Make a role of each policy and bind it everywhere to the group of those who have it everywhere."""
        for policy in sorted(KNOWN):
            self._apply("clusterroles", _name(policy), {"kind": "ClusterRole", "rules": self._rules(policy)})
            (group,) = PolicyAssociation(policy).groups
            self._apply("clusterrolebindings", _name(policy), _binding("ClusterRoleBinding", policy, group))

    def bind(self, entry: AccessEntry) -> None:
        """Bind an entry's policies in the namespaces that they name and that there are by now."""
        namespaced = [association for association in entry.policies if association.namespaces and association.policy in KNOWN]
        if not namespaced:
            return
        present = [item["metadata"]["name"] for item in self._api.get("/api/v1/namespaces")["items"]]
        for association in namespaced:
            for pattern, group in zip(association.namespaces, association.groups, strict=True):
                self._bind(association.policy, pattern, group, (name for name in present if fnmatchcase(name, pattern)))

    def _bind(self, policy: str, pattern: str, group: str, namespaces: Iterable[str]) -> None:
        name = f"{_name(policy)}:{pattern.replace('*', 'any')}"
        for namespace in namespaces:
            try:
                self._apply(f"namespaces/{namespace}/rolebindings", name, _binding("RoleBinding", policy, group))
            except ApiError as error:
                # The namespace went between the list and now.
                if error.status not in {403, 404}:
                    raise

    def _apply(self, collection: str, name: str, body: Object) -> None:
        self._api.apply(f"{_RBAC}/{collection}/{name}", {"apiVersion": _API_VERSION, "metadata": {"name": name}, **body})

    def _rules(self, policy: str) -> list[Any]:
        if policy in _RULES:
            return _RULES[policy]
        roles = (self._api.get(f"{_RBAC}/clusterroles/system:aggregate-to-{part}") for part in _PARTS[policy])
        return [rule for role in roles for rule in role["rules"]]


def _name(policy: str) -> str:
    return f"eks:{policy}"


def _binding(kind: str, policy: str, group: str) -> Object:
    return {
        "kind": kind,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": _name(policy)},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
    }
