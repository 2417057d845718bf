"""The issuers of certificates: what signs itself, and the environment's own authority.

Separate from cert-manager, whose webhook must answer before the first of them is accepted.
"""

from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.entrance.cert_manager import API
from mlplatform.manifests.namespaces import CERT_MANAGER
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import metadata, obj

SELF_SIGNING = "kubeflow-self-signing-issuer"
"""The ClusterIssuer that upstream's components name."""
AUTHORITY = "platform-ca"
"""The ClusterIssuer of the environment's own authority, and the Certificate and Secret that it signs with."""


def release(settings: Settings) -> Release:
    """Return the release of the issuers."""
    return Release("certificate-issuers", CERT_MANAGER, "mesh", objects=objects(settings))


def objects(settings: Settings) -> list[Object]:
    """Return the self-signing issuer, the authority's own certificate, and the issuer that signs with it."""
    itself: dict[str, Any] = {}
    return [
        _issuer(SELF_SIGNING, {"selfSigned": itself}),
        _authority(settings.name),
        # A ClusterIssuer's Secret is taken from cert-manager's own namespace.
        _issuer(AUTHORITY, {"ca": {"secretName": AUTHORITY}}),
    ]


def _issuer(name: str, spec: dict[str, Any]) -> Object:
    return obj(f"{API}/v1", "ClusterIssuer", metadata(name), spec=spec)


def _authority(environment: str) -> Object:
    """https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers ."""
    spec = {
        "isCA": True,
        "commonName": f"ML platform {environment}",
        "subject": {"organizations": ["mlplatform"]},
        "secretName": AUTHORITY,
        "duration": "87600h",
        "renewBefore": "8760h",
        # Whoever trusts the authority trusts its key: a new one would end that.
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Never"},
        "usages": ["cert sign", "crl sign", "digital signature"],
        "issuerRef": {"group": API, "kind": "ClusterIssuer", "name": SELF_SIGNING},
    }
    return obj(f"{API}/v1", "Certificate", metadata(AUTHORITY, CERT_MANAGER), spec=spec)
