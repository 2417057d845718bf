"""Who reaches the pods of the way in: exactly the allowed addresses, the programs of tenants, and whom nobody can name.

Separate from the charts that make the pods, so that the policies are there before them; the namespaces' own close everything else.
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests.entrance import cert_manager, external_secrets, istio
from mlplatform.manifests.entrance.gateway import HTTP_PORT, HTTPS_PORT, LABELS, NAME, STATUS_PORT
from mlplatform.manifests.namespaces import CERT_MANAGER, EXTERNAL_SECRETS, ISTIO
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes.network_policies import addresses, allow, allow_everyone, namespaces_with

_TENANTS = {"app.kubernetes.io/part-of": "kubeflow-profile"}
"""The label that the profile controller gives tenants' namespaces."""


def release(settings: Settings) -> Release:
    """Return the release of the policies."""
    return Release("entrance-policies", ISTIO, "foundations", objects=list(_objects(settings)))


def allowed_cidrs(settings: Settings) -> list[str]:
    """Return who may connect to the balancer: those who are named, or else whoever has an address of the VPC."""
    return [str(cidr) for cidr in settings.ingress.allowed_cidrs] or _own_cidrs(settings)


def _own_cidrs(settings: Settings) -> list[str]:
    network = settings.network
    return [str(cidr) for cidr in (network.cidr, network.pod_cidr) if cidr is not None]


def _objects(settings: Settings) -> Iterator[Object]:
    yield allow_everyone(cert_manager.WEBHOOK.name, CERT_MANAGER, ports=[cert_manager.WEBHOOK_PORT], pods=cert_manager.WEBHOOK.labels)
    yield allow_everyone(
        external_secrets.WEBHOOK.name, EXTERNAL_SECRETS, ports=[external_secrets.WEBHOOK_PORT], pods=external_secrets.WEBHOOK.labels
    )
    # Every proxy of every tenant gets its configuration here, by a certificate or a token of its own.
    yield allow_everyone(istio.ISTIOD.name, ISTIO, ports=[istio.WEBHOOK_PORT, istio.XDS_PORT], pods=istio.ISTIOD.labels)
    yield from _gateway(settings)


def _gateway(settings: Settings) -> Iterator[Object]:
    """`kubectl port-forward` needs none of these: it connects from inside of the pod."""
    if settings.sign_in.machine_tokens == "cluster":
        # Programs of tenants sign in with a token of the cluster's, by the same door as everybody.
        yield allow(f"{NAME}-tenants", ISTIO, peers=[namespaces_with(_TENANTS)], ports=[HTTP_PORT], pods=LABELS, component=NAME)
    if not settings.ingress.has_balancer:
        return
    yield allow(NAME, ISTIO, peers=addresses(allowed_cidrs(settings)), ports=[HTTPS_PORT], pods=LABELS)
    # The balancer asks for the pods' health from its own addresses, which are in the VPC.
    yield allow(f"{NAME}-health", ISTIO, peers=addresses([str(settings.network.cidr)]), ports=[STATUS_PORT], pods=LABELS, component=NAME)
