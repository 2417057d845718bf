"""Namespaces that are somebody's already, so that no tenant is called like one.

Separate because config decides what tenants are called, and what stands in the namespaces is the business of manifests.
"""

PLATFORM = frozenset(
    {
        "auth",
        "cert-manager",
        "external-secrets",
        "istio-system",
        "kserve",
        "kubeflow",
        "node-agents",
        "oauth2-proxy",
    }
)
"""The platform's own."""

_PREFIXES = ("ack-", "amazon-", "aws-", "istio-", "knative-", "kube-", "kubeflow-")
"""What the names of others' begin with: Kubernetes' own, add-ons', and those that Kubeflow's components ask for by name."""


def is_taken(namespace: str) -> bool:
    """Whether a namespace is the cluster's, the platform's or one that Kubeflow knows by name."""
    return namespace == "default" or namespace in PLATFORM or namespace.startswith(_PREFIXES)
