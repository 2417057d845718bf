"""What publishers' charts of the way in are told."""

from typing import Any

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.sections import KubeflowSettings
from mlplatform.manifests.entrance.releases import entrance_releases
from mlplatform.manifests.objects import at, fields, walk
from mlplatform.manifests.shapes import system_node_affinity
from tests.manifests.entrance.ways import balanced, forwarded, released


def values(name: str, environment: str = "global-dev") -> dict[str, Any]:
    return dict(released(load(environment), name).values)


def test_an_environment_without_the_way_in_has_none_of_it() -> None:
    settings = forwarded().model_copy(update={"kubeflow": KubeflowSettings(components=())})
    assert list(entrance_releases(settings)) == []


def test_the_mesh_is_what_kubeflows_own_manifests_make_it() -> None:
    mesh = values("istiod")["meshConfig"]
    assert mesh["accessLogFile"] == "/dev/stdout"
    assert mesh["tcpKeepalive"] == {"interval": "5s", "probes": 3, "time": "10s"}
    assert (mesh["rootNamespace"], mesh["trustDomain"], mesh["enablePrometheusMerge"]) == ("istio-system", "cluster.local", True)
    [provider] = mesh["extensionProviders"]
    assert provider["name"] == "oauth2-proxy"
    assert provider["envoyExtAuthzHttp"]["service"] == "oauth2-proxy.oauth2-proxy.svc.cluster.local"
    assert "outboundTrafficPolicy" not in mesh
    assert values("istiod")["cni"] == {"enabled": True}
    assert values("istiod")["env"]["ENABLE_NATIVE_SIDECARS"] == "true"


def test_the_gateway_asks_nobody_where_nobody_signs_in() -> None:
    settings = forwarded().model_copy(update={"kubeflow": KubeflowSettings(components=("entrance",))})
    assert "extensionProviders" not in released(settings, "istiod").values["meshConfig"]


def test_sidecars_are_let_into_namespaces_that_restrict_pods() -> None:
    assert at(values("istiod"), "global", "proxy", "seccompProfile") == {"type": "RuntimeDefault"}


def test_the_gateway_keeps_the_names_that_kubeflow_knows_it_by() -> None:
    told = values("istio-ingressgateway")
    assert told["name"] == "istio-ingressgateway"
    assert told["labels"] == {"app": "istio-ingressgateway", "istio": "ingressgateway"}
    assert told["serviceAccount"]["name"] == "istio-ingressgateway-service-account"
    ports = {entry["port"]: entry["targetPort"] for entry in told["service"]["ports"]}
    assert (told["service"]["type"], ports) == ("ClusterIP", {80: 8080, 443: 8443, 15021: 15021})


def test_the_gateway_reads_secrets_only_where_it_shows_a_certificate() -> None:
    assert released(forwarded(), "istio-ingressgateway").values["rbac"] == {"enabled": False}
    assert released(balanced(), "istio-ingressgateway").values["rbac"] == {"enabled": True}


@pytest.mark.parametrize("release", ["istiod", "istio-ingressgateway"])
def test_an_autoscaler_owns_the_replicas_and_keeps_two(release: str) -> None:
    told = values(release)
    assert "replicaCount" not in told
    assert (told.get("autoscaleMin") or told["autoscaling"]["minReplicas"]) == 2


@pytest.mark.parametrize("environment", environments())
def test_every_pod_of_a_chart_has_its_memory_limited_and_stays_on_system_nodes(environment: str) -> None:
    for release in entrance_releases(load(environment)):
        placed = [value for _, value in walk(release.values) if "topologySpreadConstraints" in fields(value)]
        assert bool(placed) == any(not asked.on_every_node for asked in release.requests or ()), release.name
        for part in placed:
            assert at(part, "affinity", "nodeAffinity") == system_node_affinity()
            assert at(part, "resources", "limits", "memory")


@pytest.mark.parametrize("environment", environments())
def test_what_a_chart_is_told_to_request_is_what_the_nodes_must_hold(environment: str) -> None:
    for release in entrance_releases(load(environment)):
        told = [
            (at(value, "requests", "cpu"), at(value, "requests", "memory"))
            for path, value in walk(release.values)
            # The sidecar is the pods' that it is put into, and the check of the API is over when the release is there.
            if path and path[-1] == "resources" and "proxy" not in path and "startupapicheck" not in path
        ]
        assert sorted(told) == sorted((asked.cpu, asked.memory) for asked in release.requests or ()), release.name


def test_two_of_each_part_of_cert_manager_and_of_external_secrets_outlive_a_node() -> None:
    for told in (values("cert-manager"), values("external-secrets")):
        parts = [told, told["webhook"], *([told["cainjector"]] if "cainjector" in told else [])]
        for part in parts:
            assert part["replicaCount"] == 2
            assert (part["podDisruptionBudget"]["enabled"], part["podDisruptionBudget"]["maxUnavailable"]) == (True, 1)


def test_kinds_stay_when_a_chart_goes() -> None:
    assert values("cert-manager")["crds"] == {"enabled": True, "keep": True}
    assert values("external-secrets")["crds"]["annotations"] == {"helm.sh/resource-policy": "keep"}


def test_external_secrets_gets_no_accounts_tokens_but_those_that_a_namespace_grants() -> None:
    told = values("external-secrets")
    assert told["rbac"]["serviceAccountTokenCreate"] is False
    assert told["certController"] == {"create": False}
    assert (told["processClusterStore"], told["processClusterExternalSecret"], told["processPushSecret"]) == (False, False, False)


def test_only_the_gateways_namespace_gets_balancers_and_china_no_shield() -> None:
    told = released(balanced("china-prod"), "aws-load-balancer-controller").values
    assert told["watchNamespace"] == "istio-system"
    assert (told["enableShield"], told["enableWaf"], told["enableWafv2"]) == (False, False, False)
    assert told["enableServiceMutatorWebhook"] is False
    assert told["enableCertManager"] is True
    assert (told["clusterName"], told["region"], told["vpcId"]) == ("china-prod", "cn-north-1", "(late:vpc_id)")
    role = told["serviceAccount"]["annotations"]["eks.amazonaws.com/role-arn"]
    assert role == "arn:aws-cn:iam::123456789012:role/china-prod-cn-north-1-load-balancer-controller"


def test_images_come_from_the_mirror_in_china_those_that_istio_composes_too() -> None:
    registry = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mlplatform"
    told = values("istiod", "china-prod")
    assert at(told, "global", "hub") == f"{registry}/registry.istio.io/release"
    assert at(told, "global", "proxy", "image") == f"{registry}/registry.istio.io/release/proxyv2:1.30.1"
    assert (
        at(values("cert-manager", "china-prod"), "acmesolver", "image", "repository")
        == f"{registry}/quay.io/jetstack/cert-manager-acmesolver"
    )
