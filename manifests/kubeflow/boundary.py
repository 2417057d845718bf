"""Where the two accounts that hand out roles may act: in tenants' namespaces, and nowhere else.

Separate because RBAC cannot say it: a right to bind roles in namespaces that do not exist yet is one in every namespace, and with it either
account could make itself administrator of the platform's own. The policy is Kubernetes' own, asked in the API server:
https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ .
"""

from collections.abc import Sequence
from typing import Any

from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj

_API = "admissionregistration.k8s.io/v1"
_NAME = "roles-in-tenants-namespaces"
_OWNER = "owner"
"""The annotation of a namespace of which somebody is the owner; the platform's own have none."""


def boundary(accounts: Sequence[str]) -> list[Object]:
    """Return the policy and its binding.

    Args:
        accounts: The ServiceAccounts, as `system:serviceaccount:NAMESPACE:NAME`.
    """
    [(label, value)] = TENANT.items()
    tenants = f"namespaceObject != null && namespaceObject.metadata.?labels[?'{label}'].orValue('') == '{value}'"
    # A namespace becomes a tenant's by its label, which the profile controller writes.
    owned = f"oldObject.metadata.?annotations[?'{_OWNER}'].orValue('') != ''"
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                _every("", ["resourcequotas", "serviceaccounts"]),
                _every("rbac.authorization.k8s.io", ["rolebindings"]),
                _every("security.istio.io", ["authorizationpolicies"]),
                _every("", ["namespaces"], ["UPDATE", "DELETE"]),
            ]
        },
        "matchConditions": [{"name": "asked-by-them", "expression": f"request.userInfo.username in {list(accounts)!r}"}],
        "validations": [
            {
                "expression": f"request.resource.resource == 'namespaces' ? {owned} : {tenants}",
                "messageExpression": "request.userInfo.username + ' acts in namespaces of tenants alone'",
            }
        ],
    }
    return [
        obj(_API, "ValidatingAdmissionPolicy", metadata(_NAME), spec=spec),
        obj(_API, "ValidatingAdmissionPolicyBinding", metadata(_NAME), spec={"policyName": _NAME, "validationActions": ["Deny"]}),
    ]


def _every(group: str, resources: Sequence[str], operations: Sequence[str] = ("CREATE", "UPDATE", "DELETE")) -> dict[str, Any]:
    return {"apiGroups": [group], "apiVersions": ["*"], "operations": list(operations), "resources": list(resources)}
