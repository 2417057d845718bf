"""What the mesh lets through: nothing that no policy allows, and everything into the gateway, which asks who it is.

Separate from Istio's charts because these are our rules, and components add theirs.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.entrance.cert_manager import API as CERT_MANAGER_API
from mlplatform.manifests.entrance.gateway import LABELS, NAME
from mlplatform.manifests.entrance.issuers import AUTHORITY
from mlplatform.manifests.namespaces import ISTIO, KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import metadata, obj
from mlplatform.manifests.shapes.mesh import GATEWAY, authorization_policy
from mlplatform.manifests.wave import Brought

CERTIFICATE = "kubeflow-gateway"
"""The Certificate of the host's name, and the Secret that the gateway shows."""
_NETWORKING, _SECURITY = "networking.istio.io/v1", "security.istio.io/v1"


def release(settings: Settings) -> Release:
    """Return the release of the mesh's rules and of the Gateway that components are found behind."""
    return Release("mesh-rules", ISTIO, "gateway", objects=objects(settings), brought=tuple(_brought(settings)))


def objects(settings: Settings) -> list[Object]:
    """Return the rules of the whole mesh, the Gateway, and its certificate where it has a name."""
    # Where nobody asks who comes, nobody comes: whoever did could write anybody's name into a request.
    entered = [_into_the_gateway()] if settings.kubeflow.has("sign-in") else []
    return [_nothing_unless_allowed(), *entered, _known_services(), _gateway(settings), *_certificate(settings)]


def _nothing_unless_allowed() -> Object:
    """A policy of Istio's root namespace without a rule: https://istio.io/latest/docs/concepts/security/#allow-nothing-deny-all-and-allow-all-policy ."""
    nothing: dict[str, Any] = {}
    return obj(_SECURITY, "AuthorizationPolicy", metadata("global-deny-all", ISTIO), spec=nothing)


def _into_the_gateway() -> Object:
    anything: dict[str, Any] = {}
    return authorization_policy(NAME, ISTIO, rules=[anything], pods=LABELS)


def _known_services() -> Object:
    """Proxies learn of their own namespace and of these: without it each would hold every tenant's Services."""
    hosts = ["./*", f"{KUBEFLOW}/*", f"{ISTIO}/*"]
    return obj(_NETWORKING, "Sidecar", metadata("default", ISTIO), spec={"egress": [{"hosts": hosts}]})


def _gateway(settings: Settings) -> Object:
    """HTTP for forwarded ports and for programs in the cluster, TLS for the balancer.

    The balancer gives no name of a host when it begins TLS anew, so that every name must do.
    """
    namespace, _, name = GATEWAY.partition("/")
    servers: list[dict[str, Any]] = [{"hosts": ["*"], "port": {"name": "http", "number": 80, "protocol": "HTTP"}}]
    if settings.ingress.has_balancer:
        shown = {"mode": "SIMPLE", "credentialName": CERTIFICATE, "minProtocolVersion": "TLSV1_2"}
        servers.append({"hosts": ["*"], "port": {"name": "https", "number": 443, "protocol": "HTTPS"}, "tls": shown})
    return obj(_NETWORKING, "Gateway", metadata(name, namespace), spec={"selector": {"istio": LABELS["istio"]}, "servers": servers})


def _certificate(settings: Settings) -> Iterator[Object]:
    """The certificate that browsers see, or, where the balancer shows one of ACM, the one between the two."""
    if not settings.ingress.has_balancer:
        return
    spec = {
        "secretName": CERTIFICATE,
        "dnsNames": [settings.ingress.host],
        "usages": ["server auth", "digital signature", "key encipherment"],
        # Authorities of companies, and what stands between them and browsers, all know RSA.
        "privateKey": {"algorithm": "RSA", "size": 2048, "rotationPolicy": "Always"},
        "issuerRef": {"group": CERT_MANAGER_API, "kind": "ClusterIssuer", "name": _issuer(settings)},
    }
    # Istio looks for it beside the gateway's pods: https://istio.io/latest/docs/ops/integrations/certmanager/
    yield obj(f"{CERT_MANAGER_API}/v1", "Certificate", metadata(CERTIFICATE, ISTIO), spec=spec)


def _issuer(settings: Settings) -> str:
    certificate = settings.ingress.certificate
    return (certificate.cluster_issuer if certificate else None) or AUTHORITY


def _brought(settings: Settings) -> Iterator[Brought]:
    if settings.ingress.has_balancer and (issuer := _issuer(settings)) != AUTHORITY:
        yield brought.named(f"{CERT_MANAGER_API}/v1", "ClusterIssuer", issuer, by="whoever runs the environment")
