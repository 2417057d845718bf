"""The profile controller: what it is told, and what it may do."""

from typing import Any

from ruamel.yaml import YAML

from mlplatform.config.load import load
from mlplatform.manifests.kubeflow import profiles
from mlplatform.manifests.kubeflow.profile_namespace import MADE_BY_THE_CONTROLLER, NAMESPACE_LABELS, binding_name
from tests.manifests.kubeflow.found import environment, one, pods, rights

OBJECTS = profiles.objects(load("china-prod"))
ACCOUNT = "profiles-controller-service-account"
RBAC = "rbac.authorization.k8s.io"


def container() -> Any:
    [found] = pods(OBJECTS)["containers"]
    return found


def test_the_controller_knows_people_by_the_gateways_header_as_it_is() -> None:
    # Both have defaults of Google's.
    assert {"--userid-header=kubeflow-userid", "--userid-prefix="} <= set(container()["args"])


def test_the_owner_is_let_in_by_the_gateway_and_the_notebook_controller_asks_notebooks_whether_they_are_idle() -> None:
    assert environment(container()) == {
        "ISTIO_INGRESS_GATEWAY_PRINCIPAL": "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account",
        "KFP_UI_PRINCIPAL": "cluster.local/ns/kubeflow/sa/ml-pipeline-ui",
        "NOTEBOOK_CONTROLLER_PRINCIPAL": "cluster.local/ns/kubeflow/sa/notebook-controller-service-account",
    }


def test_namespaces_get_the_labels_that_tenants_releases_give_them_from_the_file_that_the_controller_reads() -> None:
    [mounted] = container()["volumeMounts"]
    [volume] = [each for each in pods(OBJECTS)["volumes"] if each["name"] == mounted["name"]]
    written = one(OBJECTS, "ConfigMap", volume["configMap"]["name"])["data"]
    assert mounted["mountPath"] == "/etc/profile-controller"
    parser: Any = YAML(typ="safe")
    assert parser.load(written["namespace-labels.yaml"]) == NAMESPACE_LABELS
    assert NAMESPACE_LABELS["pod-security.kubernetes.io/enforce"] == "baseline"


def test_it_gives_away_a_namespaces_three_roles_and_no_other() -> None:
    verbs, names = rights(OBJECTS, ACCOUNT)["ClusterRole", RBAC, "clusterroles"]
    assert (verbs, names) == ({"bind"}, ("kubeflow-admin", "kubeflow-edit", "kubeflow-view"))


def test_it_reads_no_secret_and_runs_no_pod_and_has_no_right_by_a_wildcard() -> None:
    held = rights(OBJECTS, ACCOUNT)
    resources = {resource for _, _, resource in held}
    assert not resources & {"secrets", "pods", "pods/exec", "clusterrolebindings", "roles", "*"}
    assert not any("*" in verbs or "escalate" in verbs for verbs, _ in held.values())


def test_it_may_make_and_change_all_that_its_code_makes() -> None:
    held = rights(OBJECTS, ACCOUNT)
    groups = {"RoleBinding": RBAC, "AuthorizationPolicy": "security.istio.io"}
    plurals = {"AuthorizationPolicy": "authorizationpolicies"}
    for kind, _ in MADE_BY_THE_CONTROLLER:
        verbs, names = held["ClusterRole", groups.get(kind, ""), plurals.get(kind, f"{kind.lower()}s")]
        assert {"get", "list", "watch", "create", "update"} <= verbs
        assert names == ()


def test_whoever_collects_metrics_reaches_them_and_nobody_else_reaches_anything() -> None:
    [admitted] = one(OBJECTS, "NetworkPolicy")["spec"]["ingress"]
    assert admitted["from"] == [{"namespaceSelector": {"matchLabels": {"metrics.mlplatform.io/reader": "true"}}}]
    assert admitted["ports"] == [{"port": 8080, "protocol": "TCP"}]
    annotations = one(OBJECTS, "Deployment")["spec"]["template"]["metadata"]["annotations"]
    assert (annotations["prometheus.io/scrape"], annotations["prometheus.io/port"]) == ("true", "8080")
    assert "--metrics-bind-address=:8080" in container()["args"]


def test_nobody_of_the_mesh_calls_it_so_that_it_has_no_sidecar_and_no_service() -> None:
    labels = one(OBJECTS, "Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels["sidecar.istio.io/inject"] == "false"
    assert "Service" not in [obj["kind"] for obj in OBJECTS]


def test_roles_of_people_who_manage_profiles_by_hand_are_bound_to_nobody() -> None:
    bound = {obj["roleRef"]["name"] for obj in OBJECTS if obj["kind"].endswith("Binding") and "roleRef" in obj}
    assert {"profiles-profile-editor-role", "profiles-profile-viewer-role"}.isdisjoint(bound)


def test_both_accounts_that_hand_out_roles_are_held_to_tenants_namespaces() -> None:
    policy = one(OBJECTS, "ValidatingAdmissionPolicy")
    [condition] = policy["spec"]["matchConditions"]
    assert "system:serviceaccount:kubeflow:profiles-controller-service-account" in condition["expression"]
    assert "system:serviceaccount:kubeflow:profiles-kfam" in condition["expression"]
    assert one(OBJECTS, "ValidatingAdmissionPolicyBinding")["spec"] == {
        "policyName": policy["metadata"]["name"],
        "validationActions": ["Deny"],
    }


def test_a_binding_is_named_as_access_management_names_it() -> None:
    assert binding_name("Ann.B+c@example.com", "edit") == "user-ann-b-c-example-com-clusterrole-edit"
