"""cert-manager: who signs and renews the certificates of webhooks and of the gateway.

Separate from its issuers, which it must be able to answer for before they are made.
Source: https://github.com/cert-manager/cert-manager/blob/v1.20.2/deploy/charts/cert-manager/values.yaml .
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.entrance.placement import CRITICAL, Placed, image_values
from mlplatform.manifests.namespaces import CERT_MANAGER
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import Resources, system_node_affinity
from mlplatform.manifests.wave import Brought

API, ACME_API = "cert-manager.io", "acme.cert-manager.io"
WEBHOOK_PORT = 10250


def _part(name: str, component: str, resources: Resources) -> Placed:
    return Placed(name, {"app.kubernetes.io/name": component, "app.kubernetes.io/instance": "cert-manager"}, resources)


_CONTROLLER = _part("cert-manager", "cert-manager", Resources(cpu="20m", memory="96Mi", memory_limit="256Mi"))
WEBHOOK = _part("cert-manager-webhook", "webhook", Resources(cpu="10m", memory="48Mi", memory_limit="128Mi"))
"""What the API server asks about every Certificate."""
_INJECTOR = _part("cert-manager-cainjector", "cainjector", Resources(cpu="20m", memory="128Mi", memory_limit="512Mi"))


def release(settings: Settings) -> Release:
    """Return the release of the chart with its kinds, which stay when it goes: certificates would go with them.

    It ends when the webhook has answered (the chart's `startupapicheck`), so that what is made next is not refused.
    """
    chart = settings.chart("cert-manager")
    return Release(
        "cert-manager",
        CERT_MANAGER,
        "foundations",
        chart=chart,
        values=_values(settings),
        requests=tuple(part.requests for part in (_CONTROLLER, WEBHOOK, _INJECTOR)),
        brought=tuple(_brought(f"chart cert-manager {chart.version}")),
    )


def _values(settings: Settings) -> dict[str, Any]:
    budget = {"enabled": True, "maxUnavailable": 1}

    def part(placed: Placed, image: str) -> dict[str, Any]:
        return {
            "replicaCount": placed.replicas,
            "image": image_values(settings, image),
            "podDisruptionBudget": budget,
            **placed.values(),
        }

    return {
        "crds": {"enabled": True, "keep": True},
        "global": {
            "priorityClassName": CRITICAL,
            # Leases in its own namespace: it has no business in kube-system.
            "leaderElection": {"namespace": CERT_MANAGER},
        },
        **part(_CONTROLLER, "cert-manager-controller"),
        "webhook": part(WEBHOOK, "cert-manager-webhook"),
        "cainjector": part(_INJECTOR, "cert-manager-cainjector"),
        "acmesolver": {"image": image_values(settings, "cert-manager-acmesolver")},
        "startupapicheck": {
            "image": image_values(settings, "cert-manager-startupapicheck"),
            "resources": WEBHOOK.resources.spec(),
            "affinity": {"nodeAffinity": system_node_affinity()},
        },
    }


def _brought(by: str) -> Iterator[Brought]:
    for plural, kind, namespaced in (
        ("certificates", "Certificate", True),
        ("certificaterequests", "CertificateRequest", True),
        ("issuers", "Issuer", True),
        ("clusterissuers", "ClusterIssuer", False),
    ):
        yield brought.kind(plural, kind, API, ["v1"], by=by, namespaced=namespaced)
    for plural, kind in (("orders", "Order"), ("challenges", "Challenge")):
        yield brought.kind(plural, kind, ACME_API, ["v1"], by=by)
    ports = {"http-metrics": 9402, "http-healthz": 9403}
    yield brought.pods(CERT_MANAGER, _CONTROLLER.name, _CONTROLLER.labels, ports, by=by)
    yield brought.pods(CERT_MANAGER, _INJECTOR.name, _INJECTOR.labels, {"http-metrics": 9402}, by=by)
    yield brought.pods(CERT_MANAGER, WEBHOOK.name, WEBHOOK.labels, {"https": WEBHOOK_PORT}, by=by)
    yield brought.service(CERT_MANAGER, WEBHOOK.name, {"https": 443}, by=by, pods=WEBHOOK.labels, targets={"https": WEBHOOK_PORT})
    for account in (_CONTROLLER.name, WEBHOOK.name, _INJECTOR.name):
        yield brought.named("v1", "ServiceAccount", account, CERT_MANAGER, by=by)
