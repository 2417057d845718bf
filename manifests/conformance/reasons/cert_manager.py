"""Why we have cert-manager from its own chart, of which upstream's cert-manager is a rendering."""

from mlplatform.manifests.conformance.reason import Changed, Component, FromChart, Renamed
from mlplatform.manifests.conformance.reasons.shared import NAMESPACE_LABELS, PLACEMENT, RESOURCES, TWO_REPLICAS

_OWN_LEASES = "its leases are in its own namespace: it has no business in kube-system"
_LEASES = ("cert-manager:leaderelection", "cert-manager-cainjector:leaderelection")

COMPONENT = Component(
    "cert-manager",
    part="entrance",
    reasons=(
        NAMESPACE_LABELS,
        FromChart(
            "cert-manager",
            changes=(
                PLACEMENT,
                RESOURCES,
                TWO_REPLICAS,
                Changed("what signs for webhooks has room before others", ("placement: priorityClassName",)),
                Changed(_OWN_LEASES, ("flags: *: --leader-election-namespace=*",)),
                *(
                    Renamed(_OWN_LEASES, f"{kind} kube-system/{name}", f"{kind} cert-manager/{name}")
                    for kind in ("Role", "RoleBinding")
                    for name in _LEASES
                ),
            ),
        ),
    ),
)
