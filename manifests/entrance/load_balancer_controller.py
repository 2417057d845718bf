"""The AWS Load Balancer Controller: what makes the balancer in front of the gateway from its Service.

Separate from the Service, which is made when the controller is there and is removed before it.
Source: https://github.com/aws/eks-charts/tree/master/stable/aws-load-balancer-controller .
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import brought
from mlplatform.manifests.entrance.placement import CRITICAL, SECCOMP, Placed, image_values
from mlplatform.manifests.late import late
from mlplatform.manifests.namespaces import ISTIO, SYSTEM
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import Resources
from mlplatform.manifests.wave import Brought

NAME = "aws-load-balancer-controller"
ROLE = "load-balancer-controller"
"""Purpose of its role, by which `Names.role` calls it."""
VPC_ID = "vpc_id"
"""The late value that the chart needs."""
_PODS = Placed(
    NAME,
    {"app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME},
    Resources(cpu="50m", memory="128Mi", memory_limit="256Mi"),
)
_WEBHOOK_PORT = 9443


def releases(settings: Settings) -> Iterator[Release]:
    """Yield the release of the controller, none where there is no balancer for it to make."""
    if not settings.ingress.has_balancer:
        return
    chart = settings.chart(NAME)
    yield Release(
        NAME,
        SYSTEM,
        "mesh",
        chart=chart,
        values=_values(settings),
        requests=(_PODS.requests,),
        brought=tuple(_brought(f"chart {NAME} {chart.version}")),
    )


def _values(settings: Settings) -> dict[str, Any]:
    return {
        "image": image_values(settings, NAME),
        "clusterName": settings.names.cluster,
        "region": settings.region,
        "vpcId": late(VPC_ID),
        "replicaCount": _PODS.replicas,
        "podDisruptionBudget": {"maxUnavailable": 1},
        "priorityClassName": CRITICAL,
        "serviceAccount": {"name": NAME, "annotations": {"eks.amazonaws.com/role-arn": settings.names.role_arn(ROLE)}},
        # Helm would sign a certificate at every rendering, and the webhook would be another each time.
        "enableCertManager": True,
        "defaultTargetType": "ip",
        "podSecurityContext": {"fsGroup": 65534, "runAsNonRoot": True, "seccompProfile": dict(SECCOMP)},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
        },
        **_PODS.values(),
        **_the_gateway_alone(),
    }


def _the_gateway_alone() -> dict[str, Any]:
    """Nobody but the gateway's namespace gets a balancer, and nothing but network load balancers are made."""
    return {
        "watchNamespace": ISTIO,
        # Of application load balancers, which are not used; Shield does not exist in China at all.
        **dict.fromkeys(("enableShield", "enableWaf", "enableWafv2"), False),
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        "webhookConfig": {"disableIngressValidation": True},
        "controllerConfig": {"featureGates": {"ALBGatewayAPI": False, "NLBGatewayAPI": False}},
        # It would be asked about every Service of the cluster, which nobody could make while it does not answer.
        "enableServiceMutatorWebhook": False,
    }


def _brought(by: str) -> Iterator[Brought]:
    yield brought.kind("targetgroupbindings", "TargetGroupBinding", "elbv2.k8s.aws", ["v1beta1"], by=by)
    yield brought.kind("ingressclassparams", "IngressClassParams", "elbv2.k8s.aws", ["v1beta1"], by=by, namespaced=False)
    yield brought.named("v1", "ServiceAccount", NAME, SYSTEM, by=by)
    yield brought.pods(SYSTEM, NAME, _PODS.labels, {"webhook-server": _WEBHOOK_PORT}, by=by)
    yield brought.service(
        SYSTEM,
        "aws-load-balancer-webhook-service",
        {"webhook-server": 443},
        by=by,
        pods=_PODS.labels,
        targets={"webhook-server": _WEBHOOK_PORT},
    )
