"""Who reaches the pods of the way in."""

from typing import Any

from mlplatform.config.sections import SignInSettings
from mlplatform.config.settings import Settings
from mlplatform.manifests import releases
from mlplatform.manifests.objects import Object, at
from tests.manifests.entrance.ways import balanced, forwarded, released


def admitted(settings: Settings, **labels: str) -> list[tuple[int, list[Any] | None]]:
    """Return each port that is open to pods with these labels, with whom it is open to, None for everyone."""
    found = [
        (port["port"], entry.get("from"))
        for policy in _policies(settings)
        if at(policy, "spec", "podSelector", "matchLabels", next(iter(labels))) == next(iter(labels.values()))
        for entry in policy["spec"]["ingress"]
        for port in entry["ports"]
    ]
    return sorted(found, key=lambda pair: pair[0])


def _policies(settings: Settings) -> list[Object]:
    return [obj for obj in released(settings, "entrance-policies").objects if obj["kind"] == "NetworkPolicy"]


def blocks(peers: list[Any] | None) -> list[str]:
    return [peer["ipBlock"]["cidr"] for peer in peers or []]


def test_exactly_the_named_networks_reach_the_gateway_over_tls() -> None:
    rules = dict(admitted(balanced("global-prod", "10.8.0.0/16", "192.168.0.0/24"), istio="ingressgateway"))
    assert blocks(rules[8443]) == ["10.8.0.0/16", "192.168.0.0/24"]
    assert set(rules) == {8080, 8443, 15021}


def test_the_balancer_asks_for_health_from_the_vpc() -> None:
    assert blocks(dict(admitted(balanced(), istio="ingressgateway"))[15021]) == ["10.10.0.0/16"]


def test_nobody_outside_reaches_a_gateway_that_ports_are_forwarded_to() -> None:
    rules = dict(admitted(forwarded(), istio="ingressgateway"))
    assert set(rules) == {8080}
    assert blocks([peer for peer in rules[8080] or [] if "ipBlock" in peer]) == []


def test_programs_of_tenants_come_by_the_same_door_unless_they_may_not_sign_in() -> None:
    tenants = {"namespaceSelector": {"matchLabels": {"app.kubernetes.io/part-of": "kubeflow-profile"}}}
    assert dict(admitted(forwarded(), istio="ingressgateway"))[8080] == [tenants]
    none = forwarded().model_copy(update={"sign_in": SignInSettings(machine_tokens="none")})
    assert admitted(none, istio="ingressgateway") == []


def test_webhooks_answer_everyone_at_their_port_alone() -> None:
    settings = forwarded()
    assert admitted(settings, **{"app.kubernetes.io/name": "webhook"}) == [(10250, None)]
    assert admitted(settings, **{"app.kubernetes.io/name": "external-secrets-webhook"}) == [(10250, None)]
    assert admitted(settings, istio="pilot") == [(15012, None), (15017, None)]


def test_every_namespace_of_the_way_in_is_closed_otherwise() -> None:
    closed = {
        obj["metadata"]["namespace"]
        for release in releases(forwarded())
        for obj in release.objects
        if obj["kind"] == "NetworkPolicy" and obj["spec"]["podSelector"] == {} and "ingress" not in obj["spec"]
    }
    assert {"cert-manager", "external-secrets", "istio-system"} <= closed
