"""Access management: who asks it, and what it may do for them."""

from mlplatform.config.load import load
from mlplatform.manifests.kubeflow import access_management, dashboard
from tests.manifests.kubeflow.found import environment, one, pods, rights

SETTINGS = load("china-prod")
OBJECTS = access_management.objects(SETTINGS)
RIGHTS = rights(OBJECTS, "profiles-kfam")


def test_whoever_asks_it_can_neither_make_nor_delete_a_tenant() -> None:
    assert RIGHTS["ClusterRole", "kubeflow.org", "profiles"] == ({"get", "list"}, ())


def test_an_owner_can_invite_contributors_and_nothing_more_is_ever_given_away() -> None:
    assert RIGHTS["ClusterRole", "rbac.authorization.k8s.io", "clusterroles"] == ({"bind"}, ("kubeflow-edit",))
    assert {"create", "delete"} <= RIGHTS["ClusterRole", "rbac.authorization.k8s.io", "rolebindings"][0]
    assert {"create", "delete"} <= RIGHTS["ClusterRole", "security.istio.io", "authorizationpolicies"][0]


def test_it_has_no_other_right() -> None:
    assert {resource for _, _, resource in RIGHTS} == {"profiles", "rolebindings", "clusterroles", "authorizationpolicies"}


def test_the_dashboard_asks_it_by_the_name_and_port_of_its_service() -> None:
    service = one(OBJECTS, "Service")
    [port] = service["spec"]["ports"]
    [asking] = pods(dashboard.objects(SETTINGS))["containers"]
    assert environment(asking)["PROFILES_KFAM_SERVICE_HOST"] == "profiles-kfam.kubeflow.svc.cluster.local"
    assert (service["metadata"]["name"], service["metadata"]["namespace"]) == ("profiles-kfam", "kubeflow")
    assert environment(asking)["PROFILES_KFAM_SERVICE_PORT"] == str(port["port"]) == "8081"


def test_the_dashboard_alone_reaches_it_by_network_and_by_mesh() -> None:
    asking = one(dashboard.objects(SETTINGS), "Deployment")["spec"]["template"]
    [admitted] = one(OBJECTS, "NetworkPolicy")["spec"]["ingress"]
    [peer] = admitted["from"]
    assert peer["podSelector"]["matchLabels"].items() <= asking["metadata"]["labels"].items()
    [rule] = one(OBJECTS, "AuthorizationPolicy")["spec"]["rules"]
    [source] = rule["from"]
    assert source["source"]["principals"] == [f"cluster.local/ns/kubeflow/sa/{asking['spec']['serviceAccountName']}"]
    assert "VirtualService" not in [obj["kind"] for obj in OBJECTS]


def test_it_knows_people_by_the_gateways_header_and_no_cluster_admin() -> None:
    [container] = pods(OBJECTS)["containers"]
    assert container["args"] == ["-cluster-admin=", "-userid-header=kubeflow-userid", "-userid-prefix="]


def test_one_node_can_go_without_people_losing_sight_of_their_namespaces() -> None:
    assert one(OBJECTS, "Deployment")["spec"]["replicas"] == 2
    assert one(OBJECTS, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
