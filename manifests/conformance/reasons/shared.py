"""Reasons that are the same for every component: how pods of ours run, and what newer mesh and stricter network policies bring.

Separate because a sentence that holds everywhere is written once; a component takes what it needs of it by name.
"""

from mlplatform.manifests.conformance.reason import Changed, LeftOut

READ_ONLY = Changed("no container of ours writes to its own root file system", ("security: *: readOnlyRootFilesystem=true",))
RESOURCES = Changed(
    "every container of ours says what it needs and how much memory it may take, so that system nodes are sized for all of them",
    ("resources",),
)
PLACEMENT = Changed(
    "pods of the platform stay on system nodes, which Karpenter does not remove, and replicas on different ones",
    ("placement: affinity", "placement: topologySpreadConstraints"),
)
TWO_REPLICAS = Changed("people must not wait while one node is replaced: two replicas and a budget", ("replicas",))
INJECTED_BY_NAMESPACE = Changed("the label of the namespace puts the sidecar in, and pods need not ask for it", ("sidecar: true",))
MESH_V1 = Changed(
    "Istio serves v1 of these kinds since 1.22, and older versions of them are to go",
    ("version",),
    ("AuthorizationPolicy *", "RequestAuthentication *", "VirtualService *", "Gateway *"),
)
NAMESPACE_LABELS = Changed(
    "every object of ours can be found by the same labels, and Pod Security warns of what it refuses",
    ("labels: app.kubernetes.io/*", "labels: pod-security.kubernetes.io/warn=*"),
    ("Namespace *",),
)
PODS_OF_OURS = (READ_ONLY, RESOURCES, PLACEMENT)
"""What is true of every Deployment of ours."""

CLOSED_NAMESPACE = "a namespace is closed, and each pod is reached by those alone whom its own policy names, not by every pod beside it"


def no_open_namespace(*policies: str) -> LeftOut:
    """Return why we lack the policies by which upstream opens a namespace to its own pods."""
    return LeftOut(CLOSED_NAMESPACE, policies)
