"""PodDefaults' webhook, which every pod of every tenant waits for."""

from mlplatform.config.load import load
from mlplatform.manifests.closure.labels import selects
from mlplatform.manifests.kubeflow import pod_defaults
from mlplatform.manifests.kubeflow.profile_namespace import NAMESPACE_LABELS
from tests.manifests.kubeflow.found import one, pods, rights

OBJECTS = pod_defaults.objects(load("china-dev"))
[WEBHOOK] = one(OBJECTS, "MutatingWebhookConfiguration")["webhooks"]
[CONTAINER] = pods(OBJECTS)["containers"]


def test_it_is_asked_about_new_pods_of_tenants_and_of_nobody_else() -> None:
    assert WEBHOOK["rules"] == [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]
    assert selects(WEBHOOK["namespaceSelector"], NAMESPACE_LABELS)
    # Its own pods start without it.
    assert not selects(WEBHOOK["namespaceSelector"], {"kubernetes.io/metadata.name": "kubeflow", "istio-injection": "enabled"})


def test_no_pod_starts_without_its_defaults() -> None:
    assert WEBHOOK["failurePolicy"] == "Fail"


def test_it_is_asked_the_older_question_as_its_answers_say_no_version() -> None:
    # The API server asks the first that it knows, and accepts an answer without a version to v1beta1 alone.
    assert WEBHOOK["admissionReviewVersions"] == ["v1beta1", "v1"]


def test_the_loss_of_one_node_blocks_no_pod() -> None:
    assert one(OBJECTS, "Deployment")["spec"]["replicas"] == 2
    assert one(OBJECTS, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    apart = {each["topologyKey"]: each["whenUnsatisfiable"] for each in pods(OBJECTS)["topologySpreadConstraints"]}
    assert apart["kubernetes.io/hostname"] == "DoNotSchedule"


def test_a_pod_that_ends_still_answers_who_is_on_the_way_to_it() -> None:
    assert CONTAINER["lifecycle"]["preStop"]["sleep"]["seconds"] >= 1


def test_it_serves_with_what_cert_manager_signs_for_the_name_that_the_api_server_calls() -> None:
    service = WEBHOOK["clientConfig"]["service"]
    named = one(OBJECTS, "MutatingWebhookConfiguration")["metadata"]["annotations"]["cert-manager.io/inject-ca-from"]
    namespace, _, name = named.partition("/")
    certificate = one(OBJECTS, "Certificate", name)
    assert certificate["metadata"]["namespace"] == namespace
    assert f"{service['name']}.{service['namespace']}.svc" in certificate["spec"]["dnsNames"]
    [volume] = pods(OBJECTS)["volumes"]
    assert volume["secret"]["secretName"] == certificate["spec"]["secretName"]
    [mounted] = CONTAINER["volumeMounts"]
    assert CONTAINER["args"] == [f"--tlsCertFile={mounted['mountPath']}/tls.crt", f"--tlsKeyFile={mounted['mountPath']}/tls.key"]
    # cert-manager writes it.
    assert "caBundle" not in WEBHOOK["clientConfig"]


def test_it_is_ready_when_it_answers_where_the_api_server_asks() -> None:
    probe = CONTAINER["readinessProbe"]["httpGet"]
    assert (probe["path"], probe["scheme"]) == (WEBHOOK["clientConfig"]["service"]["path"], "HTTPS")


def test_the_api_server_reaches_it_without_a_sidecar_from_wherever_it_is() -> None:
    labels = one(OBJECTS, "Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels["sidecar.istio.io/inject"] == "false"
    assert one(OBJECTS, "NetworkPolicy")["spec"]["ingress"] == [{"ports": [{"port": 4443, "protocol": "TCP"}]}]


def test_it_reads_pod_defaults_and_nothing_else() -> None:
    assert rights(OBJECTS, "poddefaults-webhook-service-account") == {("ClusterRole", "kubeflow.org", "poddefaults"): ({"list"}, ())}


def test_whoever_views_a_namespace_sees_its_pod_defaults() -> None:
    seen = one(OBJECTS, "ClusterRole", "poddefaults-webhook-kubeflow-poddefaults-view")
    assert seen["metadata"]["labels"]["rbac.authorization.kubeflow.org/aggregate-to-kubeflow-view"] == "true"
    assert seen["rules"] == [{"apiGroups": ["kubeflow.org"], "resources": ["poddefaults"], "verbs": ["get", "list", "watch"]}]
