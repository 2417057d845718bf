"""Why our webhook of PodDefaults is not upstream's admission-webhook."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component
from mlplatform.manifests.conformance.reasons.shared import PODS_OF_OURS

_PODS = ("Deployment kubeflow/poddefaults-webhook-deployment",)

COMPONENT = Component(
    "admission-webhook",
    part="pod-defaults",
    reasons=(
        *PODS_OF_OURS,
        Changed(
            "every pod of every tenant waits for it: two replicas apart, probes, room before others, and time to finish what it was asked",
            ("replicas", "probes", "lifecycle", "placement: priorityClassName"),
            _PODS,
        ),
        Changed(
            "it reads PodDefaults and writes none",
            ("rules: poddefaults.kubeflow.org: *",),
            ("ClusterRole poddefaults-webhook-cluster-role",),
        ),
        Changed(
            "an authority of its own signs it, so that the API server trusts old and new while one replaces the other",
            ("commonName", "isCA", "issuerRef", "privateKey", "usages"),
            ("Certificate kubeflow/poddefaults-webhook-cert",),
        ),
        Added(
            "an authority of its own signs the webhook's certificate, so that the API server trusts old and new while one replaces the other",
            ("Certificate kubeflow/poddefaults-webhook-cert-ca", "Issuer kubeflow/poddefaults-webhook-cert-ca"),
        ),
        Added("a drained node must not take both replicas at once", ("PodDisruptionBudget kubeflow/poddefaults-webhook-deployment",)),
    ),
)
