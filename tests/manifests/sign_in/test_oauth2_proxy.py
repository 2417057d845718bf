"""oauth2-proxy: what it asks of people, and what its cookie is good for."""

from typing import Any

import pytest

from mlplatform.manifests.sign_in.oauth2_proxy import email_domains
from tests.config.files import DEV, settings
from tests.manifests.sign_in.people import connectors, main, one, users


def arguments(of: Any) -> list[str]:
    return main(of, "oauth2-proxy")["args"]


def test_nothing_insecure_is_asked_for() -> None:
    given = arguments(users())
    assert not [argument for argument in given if "insecure" in argument or "skip-verify" in argument]
    assert {"--cookie-secure=true", "--cookie-httponly=true", "--cookie-samesite=lax", "--code-challenge-method=S256"} <= set(given)
    names = {entry["name"] for entry in main(users(), "oauth2-proxy")["env"]}
    assert names == {"OAUTH2_PROXY_CLIENT_SECRET", "OAUTH2_PROXY_COOKIE_SECRET"}


def test_a_browser_stays_at_the_address_that_it_came_by() -> None:
    browser = [argument for argument in arguments(connectors()) if argument.startswith(("--login-url", "--redirect-url", "--relative"))]
    assert browser == ["--login-url=/dex/auth", "--redirect-url=/oauth2/callback", "--relative-redirect-url=true"]


def test_it_finds_dex_in_the_cluster_whatever_the_issuer_is() -> None:
    dialled = [argument for argument in arguments(connectors()) if argument.startswith(("--redeem-url", "--oidc-jwks-url"))]
    base = "http://dex.auth.svc.cluster.local:5556/dex"
    assert dialled == [f"--redeem-url={base}/token", f"--oidc-jwks-url={base}/keys"]
    assert "--skip-oidc-discovery=true" in arguments(connectors())


def test_a_cookie_lasts_no_longer_than_the_token_in_it() -> None:
    assert {"--cookie-expire=12h", "--cookie-refresh=0s"} <= set(arguments(connectors()))


@pytest.mark.parametrize(
    ("sign_in", "domains"),
    [
        ("", ["invalid"]),
        ("sign_in: {users: [a@one.example, b@two.example, c@one.example]}", ["one.example", "two.example"]),
        ("sign_in: {users: [a@one.example], email_domains: [one.example, three.example]}", ["one.example", "three.example"]),
    ],
)
def test_only_named_people_may_come_in_unless_the_file_says_more(sign_in: str, domains: list[str]) -> None:
    assert email_domains(settings(f"{DEV}    {sign_in}").sign_in) == domains


def test_everybody_may_come_in_whom_a_connector_vouches_for() -> None:
    assert email_domains(connectors().sign_in) == ["*"]


def test_pages_in_the_background_get_an_answer_and_no_sign_in() -> None:
    assert {"--api-route=/api/", "--api-route=/apis/", "--skip-provider-button=false"} <= set(arguments(users()))


def test_the_gateway_alone_reaches_it() -> None:
    [rule] = one(users(), "NetworkPolicy", "oauth2-proxy")["spec"]["ingress"]
    [peer] = rule["from"]
    assert peer["podSelector"]["matchLabels"] == {"istio": "ingressgateway"}


def test_one_node_can_go_without_sign_in_going() -> None:
    assert one(users(), "Deployment", "oauth2-proxy")["spec"]["replicas"] == 2
    assert one(users(), "PodDisruptionBudget", "oauth2-proxy")["spec"]["maxUnavailable"] == 1
