"""External Secrets: what brings values from Secrets Manager into Secrets, and again when they change.

Separate from the stores that say where each namespace's values are (`secret_store`).
Source: https://github.com/external-secrets/external-secrets/blob/v2.9.0/deploy/charts/external-secrets/values.yaml .
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.entrance.cert_manager import API as CERT_MANAGER_API
from mlplatform.manifests.entrance.issuers import AUTHORITY
from mlplatform.manifests.entrance.placement import CRITICAL, Placed, image_values
from mlplatform.manifests.entrance.secret_store import API, CONTROLLER
from mlplatform.manifests.namespaces import EXTERNAL_SECRETS
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import KEEP, Resources
from mlplatform.manifests.wave import Brought

WEBHOOK_PORT = 10250
_INSTANCE = {"app.kubernetes.io/instance": "external-secrets"}
_CONTROLLER = Placed(
    CONTROLLER, {"app.kubernetes.io/name": "external-secrets", **_INSTANCE}, Resources(cpu="20m", memory="96Mi", memory_limit="256Mi")
)
WEBHOOK = Placed(
    f"{CONTROLLER}-webhook",
    {"app.kubernetes.io/name": "external-secrets-webhook", **_INSTANCE},
    Resources(cpu="10m", memory="48Mi", memory_limit="128Mi"),
)
"""What the API server asks about every store and ExternalSecret."""


def release(settings: Settings) -> Release:
    """Return the release of the chart with its kinds, which stay when it goes: what they made would go with them."""
    chart = settings.chart("external-secrets")
    return Release(
        "external-secrets",
        EXTERNAL_SECRETS,
        "mesh",
        chart=chart,
        values=_values(settings),
        requests=(_CONTROLLER.requests, WEBHOOK.requests),
        brought=tuple(_brought(f"chart external-secrets {chart.version}")),
    )


def _values(settings: Settings) -> dict[str, Any]:
    image = image_values(settings, "external-secrets")
    budget = {"enabled": True, "maxUnavailable": 1, "minAvailable": None}
    return {
        "image": image,
        "replicaCount": _CONTROLLER.replicas,
        "leaderElect": True,
        "serviceAccount": {"name": CONTROLLER},
        "podDisruptionBudget": budget,
        "priorityClassName": CRITICAL,
        "livenessProbe": {"enabled": True},
        "readinessProbe": {"enabled": True},
        **_CONTROLLER.values(),
        **_kinds_of_one_namespace(),
        "rbac": {
            # Each store's namespace grants the tokens of the one account that it reads as.
            "serviceAccountTokenCreate": False,
            "servicebindings": {"create": False},
            # Whoever may edit in a namespace could otherwise read what its role reads.
            **dict.fromkeys(("aggregateToView", "aggregateToEdit", "aggregateToAdmin"), False),
        },
        "webhook": {
            "image": image,
            "replicaCount": WEBHOOK.replicas,
            "podDisruptionBudget": budget,
            "priorityClassName": CRITICAL,
            "port": WEBHOOK_PORT,
            "livenessProbe": {"enabled": True},
            "certManager": {
                "enabled": True,
                "cert": {"issuerRef": {"group": CERT_MANAGER_API, "kind": "ClusterIssuer", "name": AUTHORITY}},
            },
            **WEBHOOK.values(),
        },
        # cert-manager does what it would: it reads every Secret.
        "certController": {"create": False},
    }


def _kinds_of_one_namespace() -> dict[str, Any]:
    """Leave out the kinds of the whole cluster and those that write to stores: nothing here reads or pushes across namespaces."""
    left_out = ("ClusterExternalSecret", "ClusterSecretStore", "ClusterGenerator", "ClusterPushSecret", "PushSecret")
    processed = ("ClusterExternalSecret", "ClusterStore", "ClusterGenerator", "ClusterPushSecret", "PushSecret")
    return {
        "installCRDs": True,
        "crds": {"annotations": dict(KEEP), **{f"create{kind}": False for kind in left_out}},
        **{f"process{kind}": False for kind in processed},
    }


def _brought(by: str) -> Iterator[Brought]:
    yield brought.kind("externalsecrets", "ExternalSecret", API, ["v1"], by=by)
    yield brought.kind("secretstores", "SecretStore", API, ["v1"], by=by)
    yield brought.named("v1", "ServiceAccount", CONTROLLER, EXTERNAL_SECRETS, by=by)
    yield brought.pods(EXTERNAL_SECRETS, _CONTROLLER.name, _CONTROLLER.labels, {"live": 8082, "metrics": 8080}, by=by)
    yield brought.pods(EXTERNAL_SECRETS, WEBHOOK.name, WEBHOOK.labels, {"webhook": WEBHOOK_PORT, "ready": 8081}, by=by)
    yield brought.service(EXTERNAL_SECRETS, WEBHOOK.name, {"webhook": 443}, by=by, pods=WEBHOOK.labels, targets={"webhook": WEBHOOK_PORT})
