"""Why our issuers, and who reaches cert-manager, are not upstream's cert-manager-issuer."""

from mlplatform.manifests.conformance.reason import Added, Component
from mlplatform.manifests.conformance.reasons.shared import no_open_namespace

COMPONENT = Component(
    "cert-manager-issuer",
    part="entrance",
    reasons=(
        no_open_namespace("NetworkPolicy cert-manager/default-allow-same-namespace-cert-manager"),
        Added(
            "the environment's own authority signs what must be trusted inside of it, and browsers where no other is named",
            ("Certificate cert-manager/platform-ca", "ClusterIssuer platform-ca"),
        ),
        Added(
            "the API server calls External Secrets' webhook too, which upstream has not got",
            ("NetworkPolicy external-secrets/external-secrets-webhook",),
        ),
    ),
)
