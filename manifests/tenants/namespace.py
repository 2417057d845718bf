"""A tenant's namespace, and the Profile from which Kubeflow makes what is in it.

Separate because these two are the tenant: all that people put into the platform goes with them.
"""

from collections.abc import Mapping

from mlplatform.config.names import Names, tenant_purpose
from mlplatform.config.sections import Tenant
from mlplatform.manifests.kubeflow.profile_namespace import NAMESPACE_LABELS
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import KEEP, metadata, obj

API = "kubeflow.org/v1"
EDITOR = "default-editor"
"""The ServiceAccount that the profile controller makes for a tenant's notebooks, pipelines and trials."""
POOLS = "tenants.mlplatform.io/pools"
"""The annotation that names the pools that a namespace's pods may run on, by commas; all pools where it is missing."""
USER: Mapping[str, str] = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io"}
"""A person, with the group that Kubernetes would add: without it the profile controller writes its binding anew at every look."""


def namespace(name: str, tenant: Tenant) -> Object:
    """Return the namespace, with everything that the profile controller would write into one of its own.

    It adds none of it to a namespace that has it, and so leaves every field to this release.
    """
    annotations = {"owner": tenant.owner, **kept(tenant)}
    if tenant.pools is not None:
        annotations[POOLS] = ",".join(tenant.pools)
    return obj("v1", "Namespace", metadata(name, further=NAMESPACE_LABELS, annotations=annotations))


def profile(names: Names, name: str, tenant: Tenant) -> Object:
    """Return the Profile: its controller makes service accounts, the owner's rights, and the owner's way through the mesh.

    It has no quota in it: the controller would write a ResourceQuota from it in its own time, and the tenant has one from the start.
    """
    role = {
        "kind": "AwsIamForServiceAccount",
        # Else the controller would rewrite the role's trust, and leave it open to every service account when the Profile goes.
        "spec": {"awsIamRole": names.role_arn(tenant_purpose(name)), "annotateOnly": True},
    }
    spec = {"owner": {**USER, "name": tenant.owner}, "plugins": [role]}
    return obj(API, "Profile", metadata(name, component="tenant", annotations=kept(tenant)), spec=spec)


def kept(tenant: Tenant) -> Mapping[str, str]:
    """Return the annotation by which an object outlives its release, unless the tenant is to be deleted with it."""
    return KEEP if tenant.removal == "keep" else {}
