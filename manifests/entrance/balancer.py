"""The network load balancer in front of the gateway: the one door from outside the cluster.

Separate because it opens last, when every rule for who comes in is there, and closes first.
Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ .
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests.entrance.gateway import HTTPS_PORT, LABELS, STATUS_PORT
from mlplatform.manifests.entrance.network_policies import allowed_cidrs
from mlplatform.manifests.namespaces import ISTIO
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import metadata, obj

NAME = "istio-ingressgateway-balancer"
CLASS = "service.k8s.aws/nlb"
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.2 and 1.3: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html"""
_PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"


def releases(settings: Settings) -> Iterator[Release]:
    """Yield the release of the balancer, none where people come by forwarded ports alone.

    Its wave comes after sign-in's rules, and several before that of the controller: removed in reverse, the controller is still there to
    take the balancer away.
    """
    if settings.ingress.has_balancer:
        yield Release("gateway-balancer", ISTIO, "platform", objects=[service(settings)], timeout=600)


def service(settings: Settings) -> Object:
    """Return the Service that the balancer is made from: TLS alone, straight to the pods, from the allowed addresses."""
    spec = {
        "type": "LoadBalancer",
        "loadBalancerClass": CLASS,
        "selector": dict(LABELS),
        "ports": [{"name": "https", "port": 443, "targetPort": HTTPS_PORT, "protocol": "TCP"}],
        "loadBalancerSourceRanges": allowed_cidrs(settings),
        # Targets are addresses of pods: nothing needs a port of every node.
        "allocateLoadBalancerNodePorts": False,
    }
    annotations = {f"{_PREFIX}{key}": value for key, value in (_settings(settings) | _certificate(settings) | _subnets(settings)).items()}
    return obj("v1", "Service", metadata(NAME, ISTIO, annotations=annotations), spec=spec)


def _settings(settings: Settings) -> dict[str, str]:
    tags = {**settings.tags, "mlplatform:environment": settings.name}
    return {
        "name": f"{settings.names.cluster}-gateway",
        "scheme": "internet-facing" if settings.ingress.access == "public" else "internal",
        "nlb-target-type": "ip",
        # The pods see who connects, without which neither the policy nor the list of ranges would mean anything.
        "target-group-attributes": "preserve_client_ip.enabled=true,deregistration_delay.timeout_seconds=60",
        "attributes": "load_balancing.cross_zone.enabled=true",
        "healthcheck-protocol": "http",
        "healthcheck-port": str(STATUS_PORT),
        "healthcheck-path": "/healthz/ready",
        "additional-resource-tags": ",".join(f"{key}={value}" for key, value in tags.items()),
    }


def _certificate(settings: Settings) -> dict[str, str]:
    """Where ACM has the certificate the balancer ends TLS, and begins it anew: what leads to the pods is never in the clear."""
    certificate = settings.ingress.certificate
    if certificate is None or certificate.acm is None:
        return {}
    return {
        "ssl-cert": certificate.acm,
        "ssl-ports": "443",
        "ssl-negotiation-policy": TLS_POLICY,
        "backend-protocol": "ssl",
    }


def _subnets(settings: Settings) -> dict[str, str]:
    """Subnets that somebody else manages may lack the tags that balancers are placed by."""
    existing = settings.network.existing
    if existing is None:
        return {}
    chosen = existing.public_subnets if settings.ingress.access == "public" else existing.private_subnets
    return {"subnets": ",".join(chosen)}
