"""What the gateway lets in."""

from typing import Any

from tests.config.files import DEV, settings
from tests.manifests.sign_in.people import objects, one, users

EXEMPT = ["/dex/*", "/oauth2/*"]


def jwt_rule(name: str) -> Any:
    [rule] = one(users(), "RequestAuthentication", name)["spec"]["jwtRules"]
    return rule


def test_a_request_without_a_token_is_judged_by_oauth2_proxy() -> None:
    spec = one(users(), "AuthorizationPolicy", "istio-ingressgateway-oauth2-proxy")["spec"]
    assert (spec["action"], spec["provider"]) == ("CUSTOM", {"name": "oauth2-proxy"})
    [rule] = spec["rules"]
    assert rule["to"] == [{"operation": {"notPaths": EXEMPT}}]
    assert rule["when"] == [{"key": "request.headers[authorization]", "notValues": ["*"]}]


def test_what_nobody_vouches_for_after_that_is_refused_at_every_path_but_those_of_sign_in_itself() -> None:
    spec = one(users(), "AuthorizationPolicy", "istio-ingressgateway-require-jwt")["spec"]
    assert spec["action"] == "DENY"
    assert spec["rules"] == [{"from": [{"source": {"notRequestPrincipals": ["*"]}}], "to": [{"operation": {"notPaths": EXEMPT}}]}]


def test_every_exempt_path_leads_to_a_program_that_judges_by_itself() -> None:
    prefixes = {
        match["uri"]["prefix"]
        for obj in objects(users())
        if obj["kind"] == "VirtualService"
        for route in obj["spec"]["http"]
        for match in route["match"]
    }
    assert {path.removesuffix("*") for path in EXEMPT} == prefixes


def test_all_of_it_is_about_the_gateway() -> None:
    kinds = ("AuthorizationPolicy", "RequestAuthentication")
    selectors = [obj["spec"]["selector"]["matchLabels"] for obj in objects(users()) if obj["kind"] in kinds]
    assert selectors == [{"app": "istio-ingressgateway"}] * 4


def test_people_are_known_by_the_address_that_dex_vouches_for() -> None:
    rule = jwt_rule("dex-jwt")
    assert {entry["header"]: entry["claim"] for entry in rule["outputClaimToHeaders"]} == {
        "kubeflow-userid": "email",
        "kubeflow-groups": "groups",
    }
    assert rule["jwksUri"] == "http://dex.auth.svc.cluster.local:5556/dex/keys"
    assert rule["audiences"] == ["mlplatform"]


def test_programs_are_known_by_the_clusters_own_issuer_whatever_its_host() -> None:
    rule = jwt_rule("m2m-token-issuer")
    assert rule["issuer"] == "(late:token_issuer)"
    assert {"header": "kubeflow-userid", "claim": "sub"} in rule["outputClaimToHeaders"]


def test_nobody_writes_by_hand_who_they_are_whoever_vouches_for_them() -> None:
    # A header of a client's own is dropped by a rule that writes it, and by no other: https://github.com/envoyproxy/envoy/pull/46586
    written = [{entry["header"] for entry in jwt_rule(name)["outputClaimToHeaders"]} for name in ("dex-jwt", "m2m-token-issuer")]
    assert written == [{"kubeflow-userid", "kubeflow-groups"}] * 2


def test_a_token_for_the_api_server_or_for_iam_opens_nothing_here() -> None:
    assert not {"https://kubernetes.default.svc", "sts.amazonaws.com"} & set(jwt_rule("m2m-token-issuer")["audiences"])


def test_programs_can_be_kept_out() -> None:
    closed = settings(f"{DEV}    sign_in: {{users: [a@example.com], machine_tokens: none}}")
    assert [obj["metadata"]["name"] for obj in objects(closed) if obj["kind"] == "RequestAuthentication"] == ["dex-jwt"]
