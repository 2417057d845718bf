"""Who may use a tenant's namespace beside its owner, as if the dashboard had invited them.

Separate because every name and annotation is access management's: by them the dashboard shows a member's namespaces, and a
namespace's members.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.sections import Tenant
from mlplatform.manifests.kubeflow.profile_namespace import (
    MEMBERS_PRINCIPALS,
    USERID_HEADER,
    binding_annotations,
    binding_name,
    cluster_role_of,
)
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj
from mlplatform.manifests.tenants.namespace import USER


def members(namespace: str, tenant: Tenant) -> Iterator[Object]:
    """Yield each member's rights in the cluster and way through the mesh.

    They are not kept when the tenant is removed from the file: Helm could not tell that from a member who is.
    """
    for email, role in tenant.members.items():
        described = metadata(binding_name(email, role), namespace, component="tenant-member", annotations=binding_annotations(email, role))
        yield obj(
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            described,
            roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": cluster_role_of(role)},
            subjects=[{**USER, "name": email}],
        )
        yield obj("security.istio.io/v1", "AuthorizationPolicy", described, spec={"rules": [_requests_of(email)]})


def _requests_of(email: str) -> dict[str, Any]:
    return {
        "from": [{"source": {"principals": list(MEMBERS_PRINCIPALS)}}],
        "when": [{"key": f"request.headers[{USERID_HEADER}]", "values": [email]}],
    }
