"""The container images.

Separate so that an upgrade of an image is one line, and so that nothing else names one.
"""

from collections.abc import Iterator

from mlplatform.config.catalogue.entry import Image
from mlplatform.config.versions import MatchedSet

_ISTIO = "registry.istio.io/release"
_DASHBOARD_IMAGES = {
    "dashboard": "dashboard",
    "access-management": "access-management",
    "profile-controller": "profiles",
    "poddefaults-webhook": "pod-defaults",
}
"""Images of one repository of Kubeflow's, with one version, by the release that runs each."""


def images(versions: MatchedSet) -> Iterator[Image]:
    """Yield every image that the platform runs, as its publisher names it."""
    # No digest: beside 1.14.1 the publisher's repository still names 1.14.0's.
    yield Image("karpenter", "AWS", "public.ecr.aws/karpenter/controller", versions.karpenter, used_by=("karpenter",), hidden=True)
    # https://github.com/NVIDIA/k8s-device-plugin/releases/tag/v0.20.0
    yield Image(
        "nvidia-device-plugin",
        "NVIDIA",
        "nvcr.io/nvidia/k8s-device-plugin",
        "v0.20.0",
        used_by=("nvidia-device-plugin",),
        # What nodes that run the tag report as its image's id.
        digest="sha256:a61ba9fd8efb82f3a79f877f7580e02c1e8e7593f62473644bc9c79e315c3312",
    )
    # https://github.com/NVIDIA/dcgm-exporter/releases/tag/4.5.3-4.8.2
    yield Image("dcgm-exporter", "NVIDIA", "nvcr.io/nvidia/k8s/dcgm-exporter", "4.5.3-4.8.2-distroless", used_by=("dcgm-exporter",))
    # https://github.com/aws/aws-for-fluent-bit/releases/tag/v3.4.14
    yield Image("fluent-bit", "AWS", "public.ecr.aws/aws-observability/aws-for-fluent-bit", "3.4.14", used_by=("log-agent",))
    # https://github.com/kubernetes-sigs/metrics-server/releases/tag/v0.9.0
    yield Image(
        "metrics-server",
        "Kubernetes SIG Instrumentation",
        "registry.k8s.io/metrics-server/metrics-server",
        "v0.9.0",
        used_by=("metrics-server",),
    )
    # Sign-in. https://github.com/dexidp/dex/releases/tag/v2.45.1
    yield Image("dex", "Dex", "ghcr.io/dexidp/dex", "v2.45.1", used_by=("dex",))
    # https://github.com/oauth2-proxy/oauth2-proxy/releases/tag/v7.15.2
    yield Image("oauth2-proxy", "OAuth2 Proxy", "quay.io/oauth2-proxy/oauth2-proxy", "v7.15.2", used_by=("oauth2-proxy",))
    # https://github.com/stakater/Reloader/releases/tag/v1.4.21
    yield Image("reloader", "Stakater", "ghcr.io/stakater/reloader", "v1.4.21", used_by=("reloader",))
    # The way in.
    yield from _cert_manager(versions.cert_manager)
    yield Image("istio-pilot", "Istio", f"{_ISTIO}/pilot", versions.istio, used_by=("istiod",), hidden=True)
    yield Image("istio-proxy", "Istio", f"{_ISTIO}/proxyv2", versions.istio, used_by=("istiod",), hidden=True)
    yield Image("istio-cni", "Istio", f"{_ISTIO}/install-cni", versions.istio, used_by=("istio-cni",), hidden=True)
    yield Image(
        "external-secrets",
        "External Secrets",
        "ghcr.io/external-secrets/external-secrets",
        f"v{versions.external_secrets}",
        used_by=("external-secrets",),
        hidden=True,
    )
    yield Image(
        "aws-load-balancer-controller",
        "AWS",
        "public.ecr.aws/eks/aws-load-balancer-controller",
        f"v{versions.load_balancer_controller}",
        used_by=("aws-load-balancer-controller",),
        hidden=True,
    )
    # Kubeflow's dashboard, tenants and PodDefaults: https://github.com/kubeflow/dashboard/releases/tag/v2.0.0
    for name, release in _DASHBOARD_IMAGES.items():
        yield Image(name, "Kubeflow", f"ghcr.io/kubeflow/dashboard/{name}", "v2.0.0", used_by=(release,))


def _cert_manager(version: str) -> Iterator[Image]:
    for part in ("controller", "webhook", "cainjector", "acmesolver", "startupapicheck"):
        name = f"cert-manager-{part}"
        yield Image(name, "cert-manager", f"quay.io/jetstack/{name}", version, used_by=("cert-manager",), hidden=True)
