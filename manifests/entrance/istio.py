"""Istio's control plane, and what leads pods' traffic into the mesh.

Separate from the gateway, whose pods the control plane completes when they start.
Source: https://github.com/istio/istio/tree/1.30.1/manifests/charts, with the settings of Kubeflow's own manifests.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.entrance.istio_kinds import ONE_CLUSTER
from mlplatform.manifests.entrance.placement import CRITICAL, SECCOMP, Placed
from mlplatform.manifests.namespaces import ISTIO, OAUTH2_PROXY, SYSTEM
from mlplatform.manifests.release import Release
from mlplatform.manifests.requests import PodRequests
from mlplatform.manifests.shapes import Resources
from mlplatform.manifests.wave import Brought

SIGN_IN_PROVIDER = "oauth2-proxy"
"""Whom the gateway asks about a request, by its name in the mesh's configuration: the `provider` of a CUSTOM policy."""
WEBHOOK_PORT, XDS_PORT = 15017, 15012
ISTIOD = Placed("istiod", {"app": "istiod", "istio": "pilot"}, Resources(cpu="100m", memory="512Mi", memory_limit="2Gi"), replicas=3)
_CNI = Resources(cpu="50m", memory="100Mi", memory_limit="256Mi")
_SIDECAR = Resources(cpu="20m", memory="96Mi", memory_limit="512Mi")


def control_plane(settings: Settings) -> Release:
    """Return the release of istiod: what tells every proxy whom it may talk to, and puts proxies into pods."""
    chart = settings.chart("istiod")
    return Release(
        "istiod",
        ISTIO,
        "mesh",
        chart=chart,
        values=_istiod(settings),
        requests=(ISTIOD.requests,),
        sidecar=PodRequests("istio-proxy", cpu=_SIDECAR.cpu, memory=_SIDECAR.memory),
        brought=tuple(_control_plane_brought(f"chart istiod {chart.version}")),
    )


def node_agent(settings: Settings) -> Release:
    """Return the release of Istio's CNI plugin, without which pods would need the right to change their node's network."""
    chart = settings.chart("cni")
    values = {
        "global": _images(settings),
        "image": settings.image("istio-cni"),
        "resources": _CNI.spec(),
        # A pod that starts before its node's plugin is repaired, not deleted.
        "repair": {"enabled": True, "repairPods": True},
    }
    requests = (PodRequests("istio-cni-node", cpu=_CNI.cpu, memory=_CNI.memory, on_every_node=True),)
    by = f"chart cni {chart.version}"
    return Release(
        "istio-cni",
        SYSTEM,
        "mesh",
        chart=chart,
        values=values,
        requests=requests,
        brought=(brought.named("v1", "ServiceAccount", "istio-cni", SYSTEM, by=by),),
    )


def _images(settings: Settings) -> dict[str, Any]:
    proxy = settings.catalogue.images["istio-proxy"]
    return {"hub": proxy.repository.rpartition("/")[0], "tag": proxy.tag}


def _istiod(settings: Settings) -> dict[str, Any]:
    proxy = settings.image("istio-proxy")
    return {
        "global": {
            **_images(settings),
            **ONE_CLUSTER,
            "priorityClassName": CRITICAL,
            "proxy": {
                "image": proxy,
                "seccompProfile": SECCOMP,
                # With the limit of CPU the proxy takes as many threads, and not as many as its node has processors.
                "resources": {**_SIDECAR.spec(), "limits": {"cpu": "2000m", "memory": _SIDECAR.memory_limit}},
            },
            "proxy_init": {"image": proxy},
        },
        "image": settings.image("istio-pilot"),
        "seccompProfile": SECCOMP,
        "gateways": {"securityContext": {"seccompProfile": SECCOMP}},
        # Nothing asks for this template, and it names an image of Docker Hub's.
        "sidecarInjectorWebhook": {"templates": {"grpc-simple": "metadata: {}"}},
        # An autoscaler owns the number of replicas.
        "autoscaleEnabled": True,
        "autoscaleMin": 2,
        "autoscaleMax": ISTIOD.replicas,
        **ISTIOD.values(),
        "cni": {"enabled": True},
        "env": {
            "ENABLE_NATIVE_SIDECARS": "true",
            # Answers whoever asks with the whole mesh's configuration.
            "ENABLE_DEBUG_ON_HTTP": "false",
            # An issuer's keys are fetched again soon after it got new ones.
            "PILOT_JWT_PUB_KEY_REFRESH_INTERVAL": "1m",
        },
        "meshConfig": _mesh(settings),
    }


def _mesh(settings: Settings) -> dict[str, Any]:
    mesh: dict[str, Any] = {
        "accessLogFile": "/dev/stdout",
        "enablePrometheusMerge": True,
        "rootNamespace": ISTIO,
        "tcpKeepalive": {"interval": "5s", "probes": 3, "time": "10s"},
        "trustDomain": "cluster.local",
    }
    if settings.kubeflow.has("sign-in"):
        asked = {
            "service": f"oauth2-proxy.{OAUTH2_PROXY}.svc.cluster.local",
            "port": 80,
            "includeRequestHeadersInCheck": ["authorization", "cookie"],
            "headersToUpstreamOnAllow": [
                "authorization",
                "path",
                "x-auth-request-email",
                "x-auth-request-groups",
                "x-auth-request-user",
            ],
            "headersToDownstreamOnDeny": ["content-type", "set-cookie"],
        }
        mesh["extensionProviders"] = [{"name": SIGN_IN_PROVIDER, "envoyExtAuthzHttp": asked}]
    return mesh


def _control_plane_brought(by: str) -> Iterator[Brought]:
    ports = {"grpc-xds": 15010, "https-dns": XDS_PORT, "https-webhook": 443, "http-monitoring": 15014}
    listening = {"grpc-xds": 15010, "tls-xds": XDS_PORT, "https-webhooks": WEBHOOK_PORT, "http-monitoring": 15014}
    yield brought.service(ISTIO, ISTIOD.name, ports, by=by, pods=ISTIOD.labels, targets={"https-webhook": WEBHOOK_PORT})
    yield brought.pods(ISTIO, ISTIOD.name, ISTIOD.labels, listening, by=by)
    yield brought.named("v1", "ServiceAccount", ISTIOD.name, ISTIO, by=by)
