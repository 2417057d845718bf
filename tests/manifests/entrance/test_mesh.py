"""What the mesh lets through, and what the gateway shows."""

from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests import waves
from mlplatform.manifests.closure import check
from mlplatform.manifests.objects import at
from tests.manifests.entrance.ways import ACM, balanced, forwarded, released


def found(settings: Settings, kind: str, name: str) -> dict[str, Any]:
    [obj] = [obj for obj in released(settings, "mesh-rules").objects if (obj["kind"], obj["metadata"]["name"]) == (kind, name)]
    return dict(obj)


def test_nothing_is_let_through_that_no_policy_allows() -> None:
    policy = found(forwarded(), "AuthorizationPolicy", "global-deny-all")
    assert policy["metadata"]["namespace"] == "istio-system"
    assert policy["spec"] == {}


def test_everything_enters_the_gateway_which_asks_who_it_is() -> None:
    policy = found(forwarded(), "AuthorizationPolicy", "istio-ingressgateway")
    assert (policy["spec"]["action"], policy["spec"]["rules"]) == ("ALLOW", [{}])
    assert policy["spec"]["selector"]["matchLabels"] == {"app": "istio-ingressgateway", "istio": "ingressgateway"}


def test_nobody_enters_the_gateway_where_nobody_asks_who_it_is() -> None:
    settings = forwarded()
    without = settings.model_copy(update={"kubeflow": settings.kubeflow.model_copy(update={"components": ("entrance", "profiles")})})
    policies = [obj["metadata"]["name"] for obj in released(without, "mesh-rules").objects if obj["kind"] == "AuthorizationPolicy"]
    assert policies == ["global-deny-all"]


def test_proxies_learn_of_no_tenant_but_their_own() -> None:
    [egress] = found(forwarded(), "Sidecar", "default")["spec"]["egress"]
    assert egress["hosts"] == ["./*", "kubeflow/*", "istio-system/*"]


def test_forwarded_ports_find_the_gateway_in_every_environment() -> None:
    for settings in (forwarded(), balanced(), balanced(acm=ACM)):
        gateway = found(settings, "Gateway", "kubeflow-gateway")
        assert gateway["metadata"]["namespace"] == "kubeflow"
        assert gateway["spec"]["servers"][0] == {"hosts": ["*"], "port": {"name": "http", "number": 80, "protocol": "HTTP"}}


def test_a_balancer_finds_tls_with_a_certificate_of_the_host() -> None:
    for settings, issuer in ((balanced(issuer="corporate"), "corporate"), (balanced(acm=ACM), "platform-ca")):
        _, server = found(settings, "Gateway", "kubeflow-gateway")["spec"]["servers"]
        certificate = found(settings, "Certificate", "kubeflow-gateway")
        assert server["port"] == {"name": "https", "number": 443, "protocol": "HTTPS"}
        assert server["tls"] == {
            "mode": "SIMPLE",
            "credentialName": certificate["spec"]["secretName"],
            "minProtocolVersion": "TLSV1_2",
        }
        assert certificate["metadata"]["namespace"] == "istio-system"
        assert certificate["spec"]["dnsNames"] == ["ml.example.com"]
        assert certificate["spec"]["issuerRef"] == {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": issuer}


def test_an_issuer_that_somebody_made_is_taken_to_be_there() -> None:
    assert [str(finding) for finding in check(waves(balanced(issuer="corporate")))] == []


def test_the_environments_own_authority_signs_with_a_key_that_stays() -> None:
    objects = released(forwarded(), "certificate-issuers").objects
    [certificate] = [obj for obj in objects if obj["kind"] == "Certificate"]
    issuers = {obj["metadata"]["name"]: obj["spec"] for obj in objects if obj["kind"] == "ClusterIssuer"}
    assert issuers["kubeflow-self-signing-issuer"] == {"selfSigned": {}}
    assert issuers["platform-ca"] == {"ca": {"secretName": certificate["spec"]["secretName"]}}
    assert at(certificate, "spec", "isCA") is True
    assert at(certificate, "spec", "privateKey", "rotationPolicy") == "Never"
