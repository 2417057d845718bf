"""People sign in, by their own password and by somebody who vouches for them, at every address that there is."""

import base64
import json
from typing import Any

import pytest

from tests.cluster.sign_in.browser import Browser, Page
from tests.cluster.sign_in.conftest import PASSWORD, Place
from tests.manifests.sign_in.people import one

ADDRESSES = ("https://ml.example.com", "http://localhost:8080", "http://localhost:8081")


def begun(browser: Browser, address: str) -> Page:
    """Begin to sign in, on the way to a page."""
    page = browser.open(f"{address}/pipeline/?run=7")
    assert page.status == 403, page.text
    return browser.open(f"{address}/oauth2/start?rd=/pipeline/?run=7")


def token(place: Place) -> dict[str, Any]:
    """Return what the token says that the last request was let in with."""
    kind, _, written = place.gateway.let_in[-1].partition(" ")
    assert kind == "Bearer"
    claims = written.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))


def jwt_rule(place: Place) -> Any:
    return one(place.settings, "RequestAuthentication", "dex-jwt")["spec"]["jwtRules"][0]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_person_with_a_password_comes_in_and_stays_at_the_address(place: Place, address: str) -> None:
    browser = place.browser()
    form = browser.follow(begun(browser, address), "/auth/local")
    refused = browser.submit(form, login="ann@example.com", password=PASSWORD[1:])
    assert refused.status == 401
    page = browser.submit(refused, login="ann@example.com", password=PASSWORD)
    assert (page.status, page.url) == (200, f"{address}/pipeline/?run=7")
    assert token(place)["email"] == "ann@example.com"


@pytest.mark.parametrize("address", ADDRESSES[:2])
def test_a_person_whom_a_company_vouches_for_comes_back_from_it_to_the_address(place: Place, address: str) -> None:
    browser = place.browser()
    form = browser.follow(begun(browser, address), "/auth/corporate")
    assert form.url.startswith("http://127.0.0.1:")
    page = browser.submit(form, login="cy@example.com", password=PASSWORD)
    assert (page.status, page.url) == (200, f"{address}/pipeline/?run=7")
    assert token(place)["email"] == "cy@example.com"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_mesh_takes_tokens_for_what_they_are_wherever_they_were_got(place: Place, address: str) -> None:
    browser = place.browser()
    form = browser.follow(begun(browser, address), "/auth/local")
    browser.submit(form, login="ann@example.com", password=PASSWORD)
    assert token(place)["iss"] == jwt_rule(place)["issuer"]
    assert [token(place)["aud"]] == jwt_rule(place)["audiences"]


def test_a_page_in_the_background_hears_that_nobody_is_signed_in(place: Place) -> None:
    page = place.browser().open(f"{ADDRESSES[1]}/pipeline/apis/v2beta1/runs")
    assert page.status == 401


def test_a_forged_cookie_opens_nothing(place: Place) -> None:
    browser = place.browser()
    browser.cookies["localhost"]["oauth2_proxy_kubeflow"] = "x|1795574169|y"
    assert browser.open(f"{ADDRESSES[1]}/pipeline/").status == 403


def test_dex_needs_no_right_that_it_does_not_have(place: Place) -> None:
    browser = place.browser()
    browser.submit(browser.follow(begun(browser, ADDRESSES[1]), "/auth/local"), login="ann@example.com", password=PASSWORD)
    for log in place.logs:
        assert "forbidden" not in log.read_text().lower()
