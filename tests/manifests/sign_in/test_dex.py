"""Dex: its configuration, its rights, and who reaches it."""

import json
from typing import Any

import pytest

from mlplatform.config.settings import Settings
from mlplatform.manifests.sign_in.dex_definitions import KINDS
from tests.config.files import DEV, settings
from tests.manifests.sign_in.people import CONNECTORS, connectors, main, objects, one, users


def config(of: Settings, name: str = "dex") -> Any:
    return json.loads(one(of, "ConfigMap", name)["data"]["config.yaml"])


def connector(name: str, server: str = "dex") -> Any:
    [found] = [entry for entry in config(connectors(), server)["connectors"] if entry["id"] == name]
    return found["config"]


def test_people_in_the_file_are_the_only_ones_with_a_password() -> None:
    written = config(users())
    assert [user["email"] for user in written["staticPasswords"]] == ["ann@example.com", "bo+ml@example.org"]
    assert len({user["userID"] for user in written["staticPasswords"]}) == 2
    assert written["enablePasswordDB"] is True
    assert "connectors" not in written


def test_where_connectors_vouch_for_people_nobody_is_asked_for_a_password_of_the_platforms() -> None:
    assert config(connectors())["enablePasswordDB"] is False
    assert "staticPasswords" not in config(connectors())


def test_dex_starts_where_nobody_may_sign_in_yet() -> None:
    # `server: no connectors specified` otherwise: https://github.com/dexidp/dex/blob/v2.45.1/server/server.go
    written = config(settings(DEV))
    assert written["enablePasswordDB"] is True
    assert "staticPasswords" not in written


def test_one_client_signs_in_by_code_alone_and_is_sent_back_to_where_the_browser_is() -> None:
    written = config(users())
    [client] = written["staticClients"]
    assert client["redirectURIs"] == ["/oauth2/callback"]
    assert "secret" not in client
    assert written["oauth2"]["grantTypes"] == ["authorization_code"]
    assert written["oauth2"]["responseTypes"] == ["code"]


def test_logs_are_neither_chatty_nor_prose() -> None:
    assert config(users())["logger"] == {"level": "info", "format": "json"}


def test_tokens_are_good_as_long_as_a_session() -> None:
    assert config(connectors())["expiry"]["idTokens"] == "12h"


def test_a_provider_gets_browsers_back_at_the_address_that_dex_says_it_has() -> None:
    # Dex refuses any other: https://github.com/dexidp/dex/blob/v2.45.1/connector/oidc/oidc.go (LoginURL)
    for name in ("corporate", "hub"):
        for server in ("dex", "dex-port-forward"):
            assert connector(name, server)["redirectURI"] == f"{config(connectors(), server)['issuer']}/callback"


def test_a_provider_is_asked_for_groups_by_the_claim_that_the_file_names() -> None:
    corporate = connector("corporate")
    assert corporate["insecureEnableGroups"] is True
    assert corporate["claimMapping"] == {"groups": "roles"}
    assert corporate["clientSecret"] == "${CONNECTOR_CORPORATE}"


def test_an_address_that_nobody_proved_comes_in_only_where_the_file_says_so() -> None:
    assert "insecureSkipEmailVerified" not in connector("corporate")
    trusting = settings(CONNECTORS.replace("groups_claim: roles", "verified_emails: all"))
    [corporate] = [entry for entry in config(trusting)["connectors"] if entry["id"] == "corporate"]
    assert corporate["config"]["insecureSkipEmailVerified"] is True


def test_a_dollar_in_a_setting_is_no_variable() -> None:
    env = {entry["name"]: entry.get("value") for entry in main(connectors(), "dex")["env"]}
    assert connector("corporate")["clientID"] == "ml${DOLLAR}1"
    assert connector("the-directory")["bindDN"] == "cn=reader${DOLLAR},dc=example,dc=com"
    assert env["DOLLAR"] == "$"


def test_every_variable_of_the_configuration_is_in_the_pods() -> None:
    for server in ("dex", "dex-port-forward"):
        text = one(connectors(), "ConfigMap", server)["data"]["config.yaml"]
        used = {part.partition("}")[0] for part in text.split("${")[1:]}
        assert used == {entry["name"] for entry in main(connectors(), server)["env"] if entry["name"] in used}
        assert {"CONNECTOR_CORPORATE", "CONNECTOR_THE_DIRECTORY", "CONNECTOR_HUB"} <= used


def test_a_directory_is_asked_by_tls_with_the_authority_that_is_mounted() -> None:
    directory = connector("the-directory")
    assert not {"insecureNoSSL", "insecureSkipVerify", "startTLS"} & set(directory)
    mounts = {mount["name"]: mount["mountPath"] for mount in main(connectors(), "dex")["volumeMounts"]}
    [volume] = [
        volume
        for volume in one(connectors(), "Deployment", "dex")["spec"]["template"]["spec"]["volumes"]
        if volume["name"] == "authority-the-directory"
    ]
    assert directory["rootCA"] == f"{mounts['authority-the-directory']}/ca.crt"
    # The password beside it is no file.
    assert volume["secret"] == {"secretName": "dex-connector-the-directory", "items": [{"key": "ca.crt", "path": "ca.crt"}]}


def test_dex_defines_no_kind_and_acts_in_its_own_namespace() -> None:
    assert config(users())["storage"]["config"] == {"inCluster": True, "crdHandling": "check"}
    assert not [obj for obj in objects(users()) if obj["kind"].startswith("ClusterRole")]
    rules = one(users(), "Role", "dex")["rules"]
    assert {group for rule in rules for group in rule["apiGroups"]} == {"dex.coreos.com"}
    may = {(resource, verb) for rule in rules for resource in rule["resources"] for verb in rule["verbs"]}
    assert {(plural, verb) for plural in KINDS.values() for verb in ("get", "list")} <= may
    assert {resource for resource, verb in may if verb not in ("get", "list")} == {"authcodes", "authrequests", "signingkeies"}


def test_the_definitions_stay_when_their_release_goes() -> None:
    definitions = [obj for obj in objects(users()) if obj["kind"] == "CustomResourceDefinition"]
    assert len(definitions) == len(KINDS)
    assert all(obj["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep" for obj in definitions)


def test_one_node_can_go_without_sign_in_going() -> None:
    assert one(users(), "Deployment", "dex")["spec"]["replicas"] == 2
    assert one(users(), "PodDisruptionBudget", "dex")["spec"]["maxUnavailable"] == 1


def test_another_configuration_replaces_the_pods() -> None:
    def annotations(of: Settings) -> Any:
        return one(of, "Deployment", "dex")["spec"]["template"]["metadata"]["annotations"]

    changed = users().model_copy(update={"sign_in": users().sign_in.model_copy(update={"session_hours": 3})})
    assert annotations(users())["checksum/config"] != annotations(changed)["checksum/config"]


def test_passwords_reach_dex_from_the_gateway_alone() -> None:
    peers = one(connectors(), "NetworkPolicy", "dex")["spec"]["ingress"][0]["from"]
    namespaces = [peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for peer in peers]
    assert namespaces == ["istio-system", "istio-system", "oauth2-proxy"]
    assert all("podSelector" in peer for peer in peers)
    assert one(connectors(), "NetworkPolicy", "dex-port-forward")["spec"]["ingress"][0]["from"] == peers[:1]


def test_browsers_at_a_forwarded_port_come_back_to_it() -> None:
    routes = one(connectors(), "VirtualService", "dex")["spec"]["http"]
    assert [match["authority"]["exact"] for match in routes[0]["match"]] == ["localhost:8080", "localhost:8081"]
    assert [route["route"][0]["destination"]["host"] for route in routes] == [
        "dex-port-forward.auth.svc.cluster.local",
        "dex.auth.svc.cluster.local",
    ]
    assert config(connectors(), "dex-port-forward")["issuer"] == "http://localhost:8080/dex"


def test_where_nobody_sends_browsers_away_one_dex_does() -> None:
    [route] = one(users(), "VirtualService", "dex")["spec"]["http"]
    assert route["match"] == [{"uri": {"prefix": "/dex/"}}]
    assert config(users())["issuer"] == "http://dex.auth.svc.cluster.local:5556/dex"


@pytest.mark.parametrize("of", [users(), connectors()], ids=lambda of: of.name)
def test_the_mesh_and_oauth2_proxy_expect_the_issuer_that_dex_says_it_is(of: Settings) -> None:
    issuer = config(of)["issuer"]
    assert one(of, "RequestAuthentication", "dex-jwt")["spec"]["jwtRules"][0]["issuer"] == issuer
    assert f"--oidc-issuer-url={issuer}" in main(of, "oauth2-proxy")["args"]
