"""The profile controller: what makes a namespace a tenant's, from its Profile.

Separate from KFAM, which upstream runs in the same pod under an account that may do everything: each of the two gets what its own code
asks for. Source: https://github.com/kubeflow/dashboard/tree/v2.0.0/components/profile-controller .
"""

import json
from collections.abc import Sequence

from mlplatform.config.settings import Settings
from mlplatform.manifests.kubeflow.boundary import boundary
from mlplatform.manifests.kubeflow.definitions import GROUP
from mlplatform.manifests.kubeflow.profile_namespace import (
    ACCESS_MANAGEMENT,
    NAMESPACE_LABELS,
    NOTEBOOK_CONTROLLER_PRINCIPAL,
    PIPELINES_PAGE_PRINCIPAL,
    USERID_HEADER,
)
from mlplatform.manifests.kubeflow.roles import ADMIN, EDIT, READ, VIEW
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import (
    LEADER_ELECTION,
    Resources,
    Rule,
    cluster_role,
    cluster_role_binding,
    config_map,
    config_volume,
    container,
    controller,
    http_probe,
    role,
    role_binding,
    rule,
    system_pod,
    variable,
)
from mlplatform.manifests.shapes.mesh import GATEWAY_PRINCIPAL
from mlplatform.manifests.shapes.network_policies import METRICS_READERS, allow

_NAME = "profiles-deployment"
_ACCOUNT = "profiles-controller-service-account"
_LABELS = "profiles-namespace-labels-data"
_METRICS = 8080
_RBAC = "rbac.authorization.k8s.io"
_KEPT = (*READ, "create", "update")
"""What the controller does with everything that it makes; it deletes a quota alone, and Kubernetes the rest with the Profile."""


def objects(settings: Settings) -> list[Object]:
    """Return the controller, what it may do, and roles for people who manage Profiles by hand."""
    return [
        config_map(_LABELS, KUBEFLOW, {"namespace-labels.yaml": f"{json.dumps(dict(NAMESPACE_LABELS), indent=2)}\n"}, component=_NAME),
        *controller(_NAME, KUBEFLOW, _pod(settings.image("profile-controller"))),
        allow(_NAME, KUBEFLOW, peers=[METRICS_READERS], ports=[_METRICS]),
        *_permissions(),
        *boundary([f"system:serviceaccount:{KUBEFLOW}:{account}" for account in (_ACCOUNT, ACCESS_MANAGEMENT)]),
        *_roles_of_people(),
    ]


def may_bind(*roles: str) -> Rule:
    """Return the rule by which an account gives others these ClusterRoles without having their rights, and no other ClusterRole.

    https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update
    """
    return rule(_RBAC, ["clusterroles"], ["bind"], names=roles)


def _pod(image: str) -> dict[str, object]:
    main = container(
        "manager",
        image,
        Resources(cpu="20m", memory="64Mi", memory_limit="256Mi"),
        command=["/manager"],
        args=[
            "--leader-elect",
            "--health-probe-bind-address=:9876",
            f"--metrics-bind-address=:{_METRICS}",
            f"--userid-header={USERID_HEADER}",
            # The default is Google's.
            "--userid-prefix=",
            "--zap-devel=false",
        ],
        env=[
            variable("ISTIO_INGRESS_GATEWAY_PRINCIPAL", GATEWAY_PRINCIPAL),
            variable("KFP_UI_PRINCIPAL", PIPELINES_PAGE_PRINCIPAL),
            variable("NOTEBOOK_CONTROLLER_PRINCIPAL", NOTEBOOK_CONTROLLER_PRINCIPAL),
        ],
        ports={"metrics": _METRICS, "health": 9876},
        read_only_mounts={"namespace-labels": "/etc/profile-controller"},
        liveness=http_probe("/healthz", "health", delay=15, period=30),
        readiness=http_probe("/readyz", "health", delay=5),
    )
    scraped = {"prometheus.io/scrape": "true", "prometheus.io/port": str(_METRICS)}
    # It calls the API server alone, and nobody of the mesh calls it: no sidecar.
    volumes = [config_volume("namespace-labels", _LABELS)]
    return system_pod(_NAME, [main], account=_ACCOUNT, annotations=scraped, volumes=volumes, meshed=False)


def _permissions() -> list[Object]:
    """Return what the controller's code asks for: upstream lets it do everything in the cluster.

    Of Secrets, pods and everything else in a tenant's namespace it has no right itself; it may only give a namespace's three roles away.
    """
    everywhere: Sequence[Rule] = [
        rule(GROUP, ["profiles"], [*READ, "update"]),
        # Asked for by Kubernetes of whoever makes objects that keep their Profile from going before them.
        rule(GROUP, ["profiles/finalizers"], ["update"]),
        rule("", ["namespaces", "serviceaccounts"], _KEPT),
        rule("", ["resourcequotas"], [*_KEPT, "delete"]),
        rule("security.istio.io", ["authorizationpolicies"], _KEPT),
        rule(_RBAC, ["rolebindings"], _KEPT),
        may_bind(ADMIN, EDIT, VIEW),
    ]
    election = "profiles-leader-election-role"
    return [
        cluster_role("profiles-controller", everywhere),
        cluster_role_binding("profiles-cluster-rolebinding", "profiles-controller", _ACCOUNT, KUBEFLOW),
        role(election, KUBEFLOW, LEADER_ELECTION),
        role_binding(f"{election}binding", KUBEFLOW, election, _ACCOUNT),
    ]


def _roles_of_people() -> list[Object]:
    """Return roles that nobody has until somebody binds them: tenants come from the environment's file."""
    every = ("create", "delete", *READ, "patch", "update")
    status = rule(GROUP, ["profiles/status"], ["get"])
    return [
        cluster_role("profiles-profile-editor-role", [rule(GROUP, ["profiles"], every), status]),
        cluster_role("profiles-profile-viewer-role", [rule(GROUP, ["profiles"], READ), status]),
    ]
