"""KFAM, access management: whose namespaces are whose, and whom an owner has invited.

Separate from the profile controller because people's requests reach it, by way of the dashboard. Upstream's account of both may do
everything, and KFAM asks nobody who makes a Profile, so that there any person who is signed in can; ours can make and delete none, whatever
it is asked. Source: https://github.com/kubeflow/dashboard/tree/v2.0.0/components/access-management .
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.kubeflow.definitions import GROUP
from mlplatform.manifests.kubeflow.profile_namespace import ACCESS_MANAGEMENT, PIPELINES_PAGE_PRINCIPAL, USERID_HEADER
from mlplatform.manifests.kubeflow.profiles import may_bind
from mlplatform.manifests.kubeflow.roles import EDIT
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, container, controller, granted, http_probe, rule, system_pod, variable
from mlplatform.manifests.shapes.mesh import GATEWAY_PRINCIPAL, authorization_policy, called_by, principal
from mlplatform.manifests.shapes.network_policies import allow, pods_of

PORT = 8081
_DASHBOARD = "dashboard"
"""Who alone asks it; the dashboard's pods and ServiceAccount have this name."""


def objects(settings: Settings) -> list[Object]:
    """Return KFAM, what it may do, and who reaches it: the dashboard and no browser, so that the gateway has no path to it."""
    return [
        *controller(
            ACCESS_MANAGEMENT, KUBEFLOW, _pod(settings.image("access-management")), ports={"http-kfam": (PORT, "http-kfam")}, replicas=2
        ),
        *_permissions(),
        authorization_policy(ACCESS_MANAGEMENT, KUBEFLOW, rules=[called_by(principal(KUBEFLOW, _DASHBOARD))]),
        allow(ACCESS_MANAGEMENT, KUBEFLOW, peers=[pods_of(_DASHBOARD)], ports=[PORT]),
    ]


def _pod(image: str) -> dict[str, object]:
    main = container(
        "access-management",
        image,
        Resources(cpu="20m", memory="64Mi", memory_limit="256Mi"),
        command=["/access-management"],
        # No cluster admin: such a person could invite others into every tenant's namespace.
        args=["-cluster-admin=", f"-userid-header={USERID_HEADER}", "-userid-prefix="],
        env=[variable("ISTIO_INGRESS_GATEWAY_PRINCIPAL", GATEWAY_PRINCIPAL), variable("KFP_UI_PRINCIPAL", PIPELINES_PAGE_PRINCIPAL)],
        ports={"http-kfam": PORT},
        liveness=http_probe("/metrics", "http-kfam", delay=15, period=30),
        readiness=http_probe("/metrics", "http-kfam"),
    )
    return system_pod(ACCESS_MANAGEMENT, [main], account=ACCESS_MANAGEMENT)


def _permissions() -> list[Object]:
    """Return what KFAM needs to say who is where, and to let an owner invite contributors, which is all that the dashboard asks for."""
    return granted(
        ACCESS_MANAGEMENT,
        KUBEFLOW,
        ACCESS_MANAGEMENT,
        everywhere=[
            rule(GROUP, ["profiles"], ["get", "list"]),
            rule("rbac.authorization.k8s.io", ["rolebindings"], ["list", "watch", "create", "delete"]),
            may_bind(EDIT),
            rule("security.istio.io", ["authorizationpolicies"], ["get", "create", "delete"]),
        ],
    )
