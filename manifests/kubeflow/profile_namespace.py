"""What the profile controller and KFAM write into a tenant's namespace, and how they name it.

Separate because the tenant's own release must leave all of it out: Helm applies server-side, and a field with two owners and two
values ends the next upgrade. Read in the source of version 2.0.0, which our images are:
https://github.com/kubeflow/dashboard/blob/v2.0.0/components/profile-controller/controllers/profile_controller.go and
https://github.com/kubeflow/dashboard/blob/v2.0.0/components/access-management/kfam/bindings.go .

What follows for a release that holds a tenant's Namespace and Profile:

- The Namespace must carry the annotation `owner` with the name in the Profile's `spec.owner.name`, or the controller refuses the Profile.
  It then never becomes the Profile's: deleting the Profile leaves it. It must carry `NAMESPACE_LABELS` too, with these values: the
  controller adds those that are absent, never changes one, and puts `istio-injection` only on namespaces that it makes itself.
- `MADE_BY_THE_CONTROLLER` names the objects to leave out, the IAM role's annotation of `default-editor` among them: the plugin
  `AwsIamForServiceAccount` writes it, with `annotateOnly: true` and nothing in IAM.
- The controller writes the whole Profile at every pass: it adds the finalizer `profile-finalizer` and an empty `spec.resourceQuotaSpec`,
  and would write a quota's amounts in another form (`1024Mi` becomes `1Gi`). So the Profile has neither; the quota is a ResourceQuota
  of the tenant's release under another name than `kf-resource-quota`, which the controller deletes wherever a Profile has no quota.
- A member is a RoleBinding and an AuthorizationPolicy, both named by `binding_name` and annotated by `binding_annotations`, with exactly
  one subject: KFAM answers no question at all about bindings once it finds one with several.
- A Profile that is deleted keeps its finalizer until the controller has taken the annotation from `default-editor`; if the namespace went
  first, the controller makes it again and Kubernetes then deletes it with the Profile.
"""

import re
from collections.abc import Mapping
from typing import Literal

from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.namespaces import INJECTION, KUBEFLOW
from mlplatform.manifests.shapes.mesh import GATEWAY_PRINCIPAL, principal

Role = Literal["admin", "edit", "view"]
"""What KFAM and the dashboard call a person's role in a namespace."""

NAMESPACE_LABELS: Mapping[str, str] = {
    **TENANT,
    INJECTION: "enabled",
    "katib.kubeflow.org/metrics-collector-injection": "enabled",
    "pipelines.kubeflow.org/enabled": "true",
    "serving.kubeflow.org/inferenceservice": "enabled",
    "pod-security.kubernetes.io/enforce": "baseline",
}
"""Labels of every tenant's namespace: who admits its pods, and which components serve it."""

MADE_BY_THE_CONTROLLER: tuple[tuple[str, str], ...] = (
    ("ServiceAccount", "default-editor"),
    ("ServiceAccount", "default-viewer"),
    ("RoleBinding", "default-editor"),
    ("RoleBinding", "default-viewer"),
    ("RoleBinding", "namespaceAdmin"),
    ("AuthorizationPolicy", "ns-owner-access-istio"),
    ("ResourceQuota", "kf-resource-quota"),
)
"""Kind and name of what the controller makes, or deletes, in every tenant's namespace; it is the Profile's, and goes with it."""

ACCESS_MANAGEMENT = "profiles-kfam"
"""KFAM's Deployment, Service and ServiceAccount: it hands out roles as the controller does, and the dashboard asks it."""
USERID_HEADER = "kubeflow-userid"
"""The header in which the gateway says who calls, from the verified token; what the caller sent under this name is overwritten."""
PIPELINES_PAGE_PRINCIPAL = principal(KUBEFLOW, "ml-pipeline-ui")
"""Who calls when Kubeflow Pipelines' page does, on behalf of the person in the header."""
NOTEBOOK_CONTROLLER_PRINCIPAL = principal(KUBEFLOW, "notebook-controller-service-account")
"""Who asks notebooks whether they are idle."""
MEMBERS_PRINCIPALS = (GATEWAY_PRINCIPAL,)
"""Who may bring a member's request into the namespace; Kubeflow Pipelines' page joins it with that component."""


def cluster_role_of(role: Role) -> str:
    """Return the ClusterRole that a role in a namespace is bound to."""
    return f"kubeflow-{role}"


def binding_name(email: str, role: Role) -> str:
    """Return the name of a member's RoleBinding and AuthorizationPolicy, by which KFAM finds both again.

    Addresses that differ in signs alone (`a.b@example.com`, `a-b@example.com`) have the same name.
    """
    return re.sub(r"[^a-z0-9]+", "-", f"user-{email}-clusterrole-{role}".lower())


def binding_annotations(email: str, role: Role) -> dict[str, str]:
    """Return the annotations by which KFAM, and with it the dashboard, knows whose binding it is."""
    return {"user": email, "role": role}
