"""Istio's kinds.

Separate from the control plane, which others' objects of these kinds must not wait for.
Source: https://github.com/istio/istio/tree/1.30.1/manifests/charts/base .
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.namespaces import ISTIO
from mlplatform.manifests.release import Release
from mlplatform.manifests.wave import Brought

ONE_CLUSTER = {"enableReaderRBAC": False}
"""Values of a mesh of one cluster: without the account by which another's control plane would read all Secrets."""
_KINDS = {
    "networking.istio.io": (
        ("v1alpha3 v1beta1 v1", "DestinationRule Gateway ServiceEntry Sidecar VirtualService WorkloadEntry WorkloadGroup"),
        ("v1alpha3", "EnvoyFilter"),
        ("v1beta1", "ProxyConfig"),
    ),
    "security.istio.io": (("v1 v1beta1", "AuthorizationPolicy PeerAuthentication RequestAuthentication"),),
    "telemetry.istio.io": (("v1alpha1 v1", "Telemetry"),),
    "extensions.istio.io": (("v1alpha1", "TrafficExtension WasmPlugin"),),
}
"""What is defined, by group: versions and kinds."""


def release(settings: Settings) -> Release:
    """Return the release of Istio's kinds, which the chart keeps when it goes."""
    chart = settings.chart("base")
    values = {"defaultRevision": "default", "global": ONE_CLUSTER}
    by = f"chart base {chart.version}"
    return Release("istio-base", ISTIO, "foundations", chart=chart, values=values, requests=(), brought=tuple(_kinds(by)))


def _kinds(by: str) -> Iterator[Brought]:
    for group, tables in _KINDS.items():
        for versions, kinds in tables:
            for kind in kinds.split():
                yield brought.kind(_plural(kind), kind, group, versions.split(), by=by)


def _plural(kind: str) -> str:
    name = kind.lower()
    return f"{name[:-1]}ies" if name.endswith(("ry", "cy")) else f"{name}s"
