"""Why the mesh's own namespace, and who reaches its pods, is not upstream's istio-namespace."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, LeftOut
from mlplatform.manifests.conformance.reasons.shared import NAMESPACE_LABELS, no_open_namespace

_NAMESPACE = ("Namespace istio-system",)

COMPONENT = Component(
    "istio-namespace",
    part="entrance",
    reasons=(
        NAMESPACE_LABELS,
        Changed(
            "the gateway's pods are filled in by the injector, like every pod of the mesh, and this label would forbid it",
            ("labels: istio-injection=disabled",),
            _NAMESPACE,
        ),
        Changed("Istio's operator, which the label was for, is gone since 1.24", ("labels: istio-operator-managed=Reconcile",), _NAMESPACE),
        LeftOut(
            "the policy `istiod` opens the two ports that proxies and the API server need",
            ("NetworkPolicy istio-system/allow-istiod-control-plane", "NetworkPolicy istio-system/istiod-webhook-apiserver"),
        ),
        LeftOut(
            "models are deployed and served by SageMaker: the platform has no Knative",
            ("NetworkPolicy istio-system/allow-knative-to-istio-gateways",),
        ),
        no_open_namespace("NetworkPolicy istio-system/default-allow-same-namespace-istio-system"),
        Added(
            "proxies of every namespace and the API server reach the control plane, on two ports", ("NetworkPolicy istio-system/istiod",)
        ),
        Added(
            "upstream's policies let nobody in from outside once they are enforced; ours exactly the allowed addresses and what must be",
            ("NetworkPolicy istio-system/istio-ingressgateway", "NetworkPolicy istio-system/istio-ingressgateway-*"),
        ),
    ),
)
