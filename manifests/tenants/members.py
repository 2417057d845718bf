"""Who may use a tenant's namespace beside its owner, as if the dashboard had invited them.

Separate because names and annotations are access management's: by them the dashboard shows a member's namespaces, and a namespace's
members. Source: https://github.com/kubeflow/dashboard/blob/v2.0.0/components/access-management/kfam/bindings.go
"""

import re
from collections.abc import Iterator

from mlplatform.config.sections import Tenant
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj
from mlplatform.manifests.shapes.mesh import GATEWAY_PRINCIPAL, principal
from mlplatform.manifests.tenants.namespace import USER

USER_HEADER = "kubeflow-userid"
"""The header in which the gateway says who calls."""
_PIPELINES_PAGES = principal(KUBEFLOW, "ml-pipeline-ui")
_OTHER = re.compile(r"[^a-zA-Z0-9]+")


def members(namespace: str, tenant: Tenant) -> Iterator[Object]:
    """Yield each member's rights in the cluster and way through the mesh.

    They are not kept when the tenant is removed from the file, nor when a member is: Helm cannot tell the two apart.
    """
    for email, role in tenant.members.items():
        described = metadata(binding_name(email, role), namespace, component="tenant-member", annotations={"user": email, "role": role})
        yield obj(
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            described,
            roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": f"kubeflow-{role}"},
            # One, or access management lists nobody.
            subjects=[{**USER, "name": email}],
        )
        yield obj("security.istio.io/v1", "AuthorizationPolicy", described, spec={"rules": [_calls_by(email)]})


def binding_name(email: str, role: str) -> str:
    """Return what access management calls a member's binding: `user-other-example-com-clusterrole-edit`."""
    return _OTHER.sub("-", f"user-{email}-clusterrole-{role}".lower())


def _calls_by(email: str) -> dict[str, object]:
    return {
        "from": [{"source": {"principals": [GATEWAY_PRINCIPAL, _PIPELINES_PAGES]}}],
        "when": [{"key": f"request.headers[{USER_HEADER}]", "values": [email]}],
    }
