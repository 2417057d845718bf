"""The charts of publishers.

Separate so that an upgrade of a chart is one line; what we write ourselves has no chart here.
"""

from collections.abc import Iterator

from mlplatform.config.catalogue.entry import Chart
from mlplatform.config.versions import MatchedSet

_KARPENTER = "oci://public.ecr.aws/karpenter"
_ISTIO = "https://istio-release.storage.googleapis.com/charts"


def charts(versions: MatchedSet) -> Iterator[Chart]:
    """Yield every chart that the platform installs, as its publisher names it."""
    yield Chart("karpenter-crd", "AWS", _KARPENTER, versions.karpenter, used_by=("karpenter-crd",))
    yield Chart("karpenter", "AWS", _KARPENTER, versions.karpenter, used_by=("karpenter",))
    # The way in.
    yield Chart("cert-manager", "cert-manager", "oci://quay.io/jetstack/charts", versions.cert_manager, used_by=("cert-manager",))
    yield Chart("base", "Istio", _ISTIO, versions.istio, used_by=("istio-base",))
    yield Chart("istiod", "Istio", _ISTIO, versions.istio, used_by=("istiod",))
    yield Chart("cni", "Istio", _ISTIO, versions.istio, used_by=("istio-cni",))
    yield Chart("gateway", "Istio", _ISTIO, versions.istio, used_by=("istio-ingressgateway",))
    yield Chart(
        "external-secrets",
        "External Secrets",
        "https://charts.external-secrets.io",
        versions.external_secrets,
        used_by=("external-secrets",),
    )
    yield Chart(
        "aws-load-balancer-controller",
        "AWS",
        "https://aws.github.io/eks-charts",
        versions.load_balancer_controller,
        used_by=("aws-load-balancer-controller",),
    )
