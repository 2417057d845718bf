"""The central dashboard: where it is, whom it knows and what it reads."""

import json
from typing import Any

from mlplatform.config.load import load
from mlplatform.manifests.kubeflow import dashboard
from tests.manifests.kubeflow.found import environment, one, pods, rights

OBJECTS = dashboard.objects(load("global-prod"))
RIGHTS = rights(OBJECTS, "dashboard")


def container() -> Any:
    [found] = pods(OBJECTS)["containers"]
    return found


def test_it_has_every_path_of_the_gateway_that_no_other_component_takes() -> None:
    route = one(OBJECTS, "VirtualService")["spec"]
    assert route["gateways"] == ["kubeflow/kubeflow-gateway"]
    [http] = route["http"]
    assert http["match"] == [{"uri": {"prefix": "/"}}]
    assert http["route"] == [{"destination": {"host": "dashboard.kubeflow.svc.cluster.local", "port": {"number": 80}}}]


def test_the_gateway_alone_calls_it_at_the_port_that_it_listens_at() -> None:
    [rule] = one(OBJECTS, "AuthorizationPolicy")["spec"]["rules"]
    assert rule["from"] == [{"source": {"principals": ["cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"]}}]
    [admitted] = one(OBJECTS, "NetworkPolicy")["spec"]["ingress"]
    assert [entry["port"] for entry in admitted["ports"]] == [container()["ports"][0]["containerPort"]] == [8082]


def test_people_are_who_the_gateway_says_and_make_no_tenant_by_themselves() -> None:
    told = environment(container())
    assert (told["USERID_HEADER"], told["USERID_PREFIX"]) == ("kubeflow-userid", "")
    assert told["REGISTRATION_FLOW"] == "false"
    assert told["LOGOUT_URL"] == "/oauth2/sign_out"


def test_it_reads_its_links_from_the_config_map_that_comes_with_it() -> None:
    name = environment(container())["DASHBOARD_CONFIGMAP"]
    assert RIGHTS["Role", "", "configmaps"] == ({"get"}, (name,))
    data = one(OBJECTS, "ConfigMap", name)["data"]
    assert json.loads(data["settings"]) == {"DASHBOARD_FORCE_IFRAME": True}
    assert {"menuLinks", "externalLinks", "quickLinks", "documentationItems"} == set(json.loads(data["links"]))


def test_of_the_cluster_it_reads_events_and_nothing_else() -> None:
    assert {key: verbs for key, (verbs, _) in RIGHTS.items() if key[0] == "ClusterRole"} == {("ClusterRole", "", "events"): {"list"}}


def test_it_starts_without_npm_which_would_ask_the_internet() -> None:
    assert container()["command"] == ["/sbin/tini", "--"]
    assert container()["args"] == ["node", "dist/server.js"]
    assert container()["securityContext"]["readOnlyRootFilesystem"]


def test_one_node_can_go_without_the_page_going() -> None:
    assert one(OBJECTS, "Deployment")["spec"]["replicas"] == 2
    assert one(OBJECTS, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
