"""metrics-server: the CPU and memory of pods, for `kubectl top` and for autoscaling.

Separate because only regions without the EKS add-on get it from us. Source:
https://github.com/kubernetes-sigs/metrics-server/tree/v0.9.0/manifests .
"""

from mlplatform.config.features import Feature
from mlplatform.config.settings import Settings
from mlplatform.manifests.namespaces import SYSTEM
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import (
    Resources,
    cluster_role,
    cluster_role_binding,
    container,
    deployment,
    disruption_budget,
    http_probe,
    metadata,
    obj,
    role_binding,
    rule,
    scratch,
    service,
    service_account,
    system_pod,
)

_NAME = "metrics-server"
_GROUP = "metrics.k8s.io"
_PORT = 10250
_READ = ("get", "list", "watch")


def objects(settings: Settings) -> list[Object]:
    """Return metrics-server, what it may read and the API that it serves; nothing where the EKS add-on is to be had."""
    if settings.place.offers(Feature.METRICS_SERVER_ADDON):
        return []
    return [
        service_account(_NAME, SYSTEM),
        *_permissions(),
        service(_NAME, SYSTEM, {"https": (443, "https")}),
        server(settings.image(_NAME)),
        disruption_budget(_NAME, SYSTEM),
        api_service(),
    ]


def server(image: str) -> Object:
    """Return the Deployment: two replicas on system nodes, apart from each other."""
    main = container(
        _NAME,
        image,
        Resources(cpu="100m", memory="200Mi"),
        args=[
            "--cert-dir=/tmp",
            f"--secure-port={_PORT}",
            "--kubelet-preferred-address-types=InternalIP",
            "--kubelet-use-node-status-port",
            "--metric-resolution=15s",
        ],
        ports={"https": _PORT},
        mounts={"certificate": "/tmp"},  # noqa: S108 - of the container alone
        liveness=http_probe("/livez", "https", scheme="HTTPS"),
        readiness=http_probe("/readyz", "https", scheme="HTTPS", delay=20),
        security={"runAsUser": 1000},
    )
    template = system_pod(_NAME, [main], account=_NAME, volumes=[scratch("certificate")], priorityClassName="system-cluster-critical")
    return deployment(_NAME, SYSTEM, template, replicas=2)


def api_service() -> Object:
    """Return what makes the API server ask it; between the two, its certificate is its own."""
    spec = {
        "group": _GROUP,
        "version": "v1beta1",
        "service": {"name": _NAME, "namespace": SYSTEM, "port": 443},
        "insecureSkipTLSVerify": True,
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
    }
    return obj("apiregistration.k8s.io/v1", "APIService", metadata(f"v1beta1.{_GROUP}", component=_NAME), spec=spec)


def _permissions() -> list[Object]:
    aggregated = {f"rbac.authorization.k8s.io/aggregate-to-{role}": "true" for role in ("view", "edit", "admin")}
    reads = [rule("", ["nodes/metrics"], ["get"]), rule("", ["pods", "nodes"], _READ)]
    return [
        cluster_role(f"{_NAME}-aggregated-reader", [rule(_GROUP, ["pods", "nodes"], _READ)], further=aggregated),
        cluster_role(_NAME, reads),
        cluster_role_binding(_NAME, _NAME, _NAME, SYSTEM),
        cluster_role_binding(f"{_NAME}-auth-delegator", "system:auth-delegator", _NAME, SYSTEM),
        role_binding(f"{_NAME}-auth-reader", SYSTEM, "extension-apiserver-authentication-reader", _NAME),
    ]
