"""The webhook that adds a namespace's PodDefaults to its pods: tokens, volumes, variables.

Separate because every pod of every tenant waits for its answer: it has two replicas, apart, and room before others. Source:
https://github.com/kubeflow/dashboard/tree/v2.0.0/components/poddefaults-webhooks .
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.kubeflow.definitions import GROUP
from mlplatform.manifests.kubeflow.roles import ADMIN, EDIT, READ, VIEW, part_of
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import (
    Resources,
    Watched,
    Webhook,
    aggregated_cluster_role,
    cluster_role,
    cluster_role_binding,
    container,
    controller,
    http_probe,
    mutating_webhooks,
    rule,
    secret_volume,
    serving_certificate,
    system_pod,
)
from mlplatform.manifests.shapes.network_policies import allow_everyone

_NAME = "poddefaults-webhook-deployment"
_SERVICE = "poddefaults-webhook-service"
_ACCOUNT = "poddefaults-webhook-service-account"
_ROLE = "poddefaults-webhook-cluster-role"
_CERTIFICATE, _SECRET = "poddefaults-webhook-cert", "poddefaults-webhook-certs"
_PORT, _PORT_NAME = 4443, "https-webhook"
_PATH = "/apply-poddefault"
_FILES = "/etc/webhook/certs"


def objects(settings: Settings) -> list[Object]:
    """Return the webhook, its certificate, what it may read, and what people may do with PodDefaults."""
    return [
        *serving_certificate(
            _CERTIFICATE,
            KUBEFLOW,
            service=_SERVICE,
            secret=_SECRET,
            issuer="poddefaults-webhook-selfsigned-issuer",
            component=_NAME,
        ),
        *controller(
            _NAME,
            KUBEFLOW,
            _pod(settings.image("poddefaults-webhook")),
            replicas=2,
            ports={_PORT_NAME: (443, _PORT_NAME)},
            service_name=_SERVICE,
        ),
        allow_everyone("poddefaults", KUBEFLOW, ports=[_PORT], component=_NAME),
        _configuration(),
        cluster_role(_ROLE, [rule(GROUP, ["poddefaults"], ["list"])]),
        cluster_role_binding(f"{_ROLE}-binding", _ROLE, _ACCOUNT, KUBEFLOW),
        *_roles_of_people(),
    ]


def _pod(image: str) -> dict[str, object]:
    main = container(
        "poddefaults-webhook",
        image,
        Resources(cpu="20m", memory="64Mi", memory_limit="256Mi"),
        args=[f"--tlsCertFile={_FILES}/tls.crt", f"--tlsKeyFile={_FILES}/tls.key"],
        ports={_PORT_NAME: _PORT},
        read_only_mounts={"webhook-cert": _FILES},
        # Its only path: what is no question of the API server's is answered with nothing, by the certificate that the API server sees.
        liveness=http_probe(_PATH, _PORT_NAME, scheme="HTTPS", period=30),
        readiness=http_probe(_PATH, _PORT_NAME, scheme="HTTPS"),
        security={"runAsUser": 65532},
    )
    # It ends at once when it is told to, and the API server may still be on its way to it.
    main["lifecycle"] = {"preStop": {"sleep": {"seconds": 5}}}
    return system_pod(
        _NAME,
        [main],
        account=_ACCOUNT,
        volumes=[secret_volume("webhook-cert", _SECRET)],
        # The API server is outside the mesh.
        meshed=False,
        priorityClassName="system-cluster-critical",
    )


def _configuration() -> Object:
    webhook = Webhook(
        "poddefaults-webhook-deployment.kubeflow.org",
        _PATH,
        [Watched("", ["pods"], ["CREATE"])],
        namespaces={"matchLabels": dict(TENANT)},
        # Its answers name neither version nor kind, which the API server accepts for the older question alone.
        reviews=("v1beta1", "v1"),
    )
    return mutating_webhooks(
        "poddefaults-webhook-mutating-webhook-configuration",
        KUBEFLOW,
        [webhook],
        service=_SERVICE,
        certificate=_CERTIFICATE,
        component=_NAME,
    )


def _roles_of_people() -> Iterator[Object]:
    """Yield roles by which whoever may use a namespace sees its PodDefaults; they are parts of Kubeflow's own roles."""
    prefix, parts = "poddefaults-webhook-kubeflow-poddefaults", "kubeflow-poddefaults"
    yield aggregated_cluster_role(f"{prefix}-admin", part_of(f"{parts}-admin"), further=part_of(ADMIN))
    yield aggregated_cluster_role(f"{prefix}-edit", part_of(f"{parts}-edit"), further=part_of(EDIT, f"{parts}-admin"))
    yield cluster_role(f"{prefix}-view", [rule(GROUP, ["poddefaults"], READ)], further=part_of(VIEW, f"{parts}-edit"))
