"""What an API server of Kubernetes 1.36 serves and holds before anything is installed.

Separate because it is a fact about Kubernetes: `tests/cluster/test_builtin_kinds.py` holds it against a real API server.
"""

from collections.abc import Iterator

from mlplatform.manifests import brought
from mlplatform.manifests.objects import qualified
from mlplatform.manifests.wave import Brought

KUBERNETES = "1.36"
_BY = f"Kubernetes {KUBERNETES}"

NAMESPACED = {
    "v1": "Binding ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController "
    "ResourceQuota Secret Service ServiceAccount",
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "authorization.k8s.io/v1": "LocalSubjectAccessReview",
    "autoscaling/v1": "HorizontalPodAutoscaler",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "coordination.k8s.io/v1": "Lease",
    "discovery.k8s.io/v1": "EndpointSlice",
    "events.k8s.io/v1": "Event",
    "networking.k8s.io/v1": "Ingress NetworkPolicy",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "Role RoleBinding",
    "resource.k8s.io/v1": "ResourceClaim ResourceClaimTemplate",
    "storage.k8s.io/v1": "CSIStorageCapacity",
}
"""Kinds that belong to a namespace, by apiVersion: what is on by default, without alpha and beta versions."""

CLUSTER_SCOPED = {
    "v1": "ComponentStatus Namespace Node PersistentVolume",
    "admissionregistration.k8s.io/v1": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration "
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "apiregistration.k8s.io/v1": "APIService",
    "authentication.k8s.io/v1": "SelfSubjectReview TokenReview",
    "authorization.k8s.io/v1": "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    "certificates.k8s.io/v1": "CertificateSigningRequest",
    "flowcontrol.apiserver.k8s.io/v1": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io/v1": "IPAddress IngressClass ServiceCIDR",
    "node.k8s.io/v1": "RuntimeClass",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding",
    "resource.k8s.io/v1": "DeviceClass ResourceSlice",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
}
"""Kinds of the whole cluster, by apiVersion."""

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
PRIORITY_CLASSES = ("system-cluster-critical", "system-node-critical")
CLUSTER_ROLES = """
    admin cluster-admin edit view system:aggregate-to-admin system:aggregate-to-edit system:aggregate-to-view
    system:auth-delegator system:basic-user system:discovery system:heapster system:kube-aggregator
    system:kube-controller-manager system:kube-dns system:kube-scheduler system:kubelet-api-admin system:monitoring system:node
    system:node-bootstrapper system:node-problem-detector system:node-proxier system:persistent-volume-provisioner
    system:public-info-viewer system:service-account-issuer-discovery system:volume-scheduler
"""
"""Roles that a binding of ours may name; those of Kubernetes' own controllers are left out."""
ROLES = {"kube-system": ("extension-apiserver-authentication-reader",)}
"""Roles by namespace; the reader is what an extension API server needs to trust the front proxy."""


def served() -> dict[str, dict[str, bool]]:
    """Return kinds in kubectl's notation: the versions that are served, each with whether the kind belongs to a namespace."""
    kinds: dict[str, dict[str, bool]] = {}
    for namespaced, table in ((True, NAMESPACED), (False, CLUSTER_SCOPED)):
        for api_version, names in table.items():
            group, _, version = api_version.rpartition("/")
            for name in names.split():
                kinds.setdefault(qualified(name, group), {})[version] = namespaced
    return kinds


def held() -> Iterator[Brought]:
    """Yield the objects that are there from the start."""
    for name in NAMESPACES:
        yield brought.namespace(name, by=_BY)
    for name in PRIORITY_CLASSES:
        yield brought.named("scheduling.k8s.io/v1", "PriorityClass", name, by=_BY)
    for name in CLUSTER_ROLES.split():
        yield brought.named("rbac.authorization.k8s.io/v1", "ClusterRole", name, by=_BY)
    for namespace, names in ROLES.items():
        for name in names:
            yield brought.named("rbac.authorization.k8s.io/v1", "Role", name, namespace, by=_BY)
    yield brought.service("default", "kubernetes", {"https": 443}, by=_BY)
