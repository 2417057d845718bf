"""What people may do in a tenant's namespace: view, edit or administer it, as the sum of what each component grants.

Separate from the components because bindings name these three, and a component adds to them by a label on a role of its own.
Source: https://github.com/kubeflow/community-distribution/tree/master/common/kubeflow-roles . They are bound in one namespace at a
time; what would reach past it, or past the platform's own fences, is left out of them.
"""

from collections.abc import Iterator, Sequence

from mlplatform.config.settings import Settings
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Rule, aggregated_cluster_role, cluster_role, rule

ADMIN, EDIT, VIEW = "kubeflow-admin", "kubeflow-edit", "kubeflow-view"
"""What bindings in a tenant's namespace name."""
READ = ("get", "list", "watch")
WRITE = ("create", "delete", "deletecollection", "patch", "update")
_ISTIO_ADMIN = "kubeflow-istio-admin"


def part_of(*roles: str) -> dict[str, str]:
    """Return the labels by which a ClusterRole adds its rules to those of aggregated ones: `part_of(EDIT)`."""
    return {f"rbac.authorization.kubeflow.org/aggregate-to-{role}": "true" for role in roles}


def sum_of(name: str, *roles: str) -> Object:
    """Return the ClusterRole that has the rules of all that say to be part of it, and is itself part of others."""
    return aggregated_cluster_role(name, part_of(name), further=part_of(*roles))


def objects(settings: Settings) -> list[Object]:
    """Return the roles, none where the environment has no namespaces of tenants."""
    return [*_kubernetes(), *_mesh()] if settings.kubeflow.has("profiles") else []


def _kubernetes() -> Iterator[Object]:
    """Yield the three, and what they may do with Kubernetes' own kinds."""
    yield sum_of(ADMIN)
    yield sum_of(EDIT, ADMIN)
    yield sum_of(VIEW, EDIT)
    yield cluster_role("kubeflow-kubernetes-admin", _administer(), further=part_of(ADMIN))
    yield cluster_role("kubeflow-kubernetes-edit", _edit(), further=part_of(EDIT))
    yield cluster_role("kubeflow-kubernetes-view", _view(), further=part_of(VIEW))


def _mesh() -> Iterator[Object]:
    """Yield what they see of the mesh, whose routes and rules are the platform's to write."""
    routes = rule("networking.istio.io", ["*"], READ)
    yield sum_of(_ISTIO_ADMIN, ADMIN)
    yield cluster_role("kubeflow-istio-edit", [routes], further=part_of(EDIT, _ISTIO_ADMIN))
    yield cluster_role("kubeflow-istio-view", [routes, rule("security.istio.io", ["authorizationpolicies"], READ)], further=part_of(VIEW))


def _administer() -> Sequence[Rule]:
    return (
        rule("authorization.k8s.io", ["localsubjectaccessreviews"], ["create"]),
        # Nobody can grant what they have not got themselves: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
        rule("rbac.authorization.k8s.io", ["rolebindings", "roles"], [*READ, *WRITE]),
    )


def _edit() -> Sequence[Rule]:
    """Return what work in a namespace takes.

    Not among it: Endpoints, which lead a Service to pods of other namespaces (https://github.com/kubernetes/kubernetes/issues/103675);
    Ingresses, a way in past the gateway; NetworkPolicies, by which one member would open the namespace for all.
    """
    into_pods = ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy"]
    return (
        rule("", [*into_pods, "secrets", "services/proxy"], READ),
        rule("", ["pods", *into_pods], WRITE),
        rule(
            "",
            [
                "configmaps",
                "persistentvolumeclaims",
                *_with_parts("replicationcontrollers", parts=["scale"]),
                "secrets",
                "serviceaccounts",
                "services",
                "services/proxy",
            ],
            WRITE,
        ),
        rule(
            "apps",
            ["daemonsets", *_with_parts("deployments", "replicasets", "statefulsets", parts=["scale"])],
            WRITE,
        ),
        rule("autoscaling", ["horizontalpodautoscalers"], WRITE),
        rule("batch", ["cronjobs", "jobs"], WRITE),
        rule("policy", ["poddisruptionbudgets"], WRITE),
    )


def _view() -> Sequence[Rule]:
    """Return what may be seen; secrets may not."""
    return (
        rule(
            "",
            [
                *("bindings", "configmaps", "endpoints", "events", "limitranges", "pods/log", "serviceaccounts"),
                *_with_parts("namespaces", "persistentvolumeclaims", "pods", "resourcequotas", "services"),
                *_with_parts("replicationcontrollers", parts=["scale", "status"]),
            ],
            READ,
        ),
        rule(
            "apps",
            [
                "controllerrevisions",
                *_with_parts("daemonsets"),
                *_with_parts("deployments", "replicasets", "statefulsets", parts=["scale", "status"]),
            ],
            READ,
        ),
        rule("autoscaling", _with_parts("horizontalpodautoscalers"), READ),
        rule("batch", _with_parts("cronjobs", "jobs"), READ),
        rule("policy", _with_parts("poddisruptionbudgets"), READ),
        rule("networking.k8s.io", [*_with_parts("ingresses"), "networkpolicies"], READ),
    )


def _with_parts(*resources: str, parts: Sequence[str] = ("status",)) -> list[str]:
    return [named for resource in resources for named in (resource, *(f"{resource}/{part}" for part in parts))]
