"""Webhooks of components."""

from typing import Any

from mlplatform.manifests import brought
from mlplatform.manifests.closure import check
from mlplatform.manifests.objects import Object, walk
from mlplatform.manifests.shapes import (
    Resources,
    Watched,
    Webhook,
    container,
    controller,
    mutating_webhooks,
    namespace,
    secret_volume,
    serving_certificate,
    system_pod,
    validating_webhooks,
)
from mlplatform.manifests.shapes.network_policies import allow_everyone, deny_all
from mlplatform.manifests.wave import Wave

PODS = Webhook("pods.example.com", "/mutate", [Watched("", ["pods"], ["CREATE"])], namespaces={"matchLabels": {"team": "blue"}})
SERVING = {"service": "webhook", "certificate": "webhook-cert", "component": "webhook"}


def mutating() -> Any:
    return mutating_webhooks("defaults", "app", [PODS], **SERVING)


def whole() -> list[Object]:
    """Return a component with a webhook, as one is written."""
    main = container("main", "registry.example.com/webhook:1", Resources(cpu="10m", memory="64Mi"), ports={"https": 4443})
    template = system_pod("webhook", [main], volumes=[secret_volume("certificate", "webhook-tls")], meshed=False)
    return [
        namespace("app"),
        deny_all("app"),
        *controller("webhook", "app", template, replicas=2, ports={"https": (443, "https")}),
        *serving_certificate("webhook-cert", "app", service="webhook", secret="webhook-tls", issuer="webhook", component="webhook"),  # noqa: S106 - a name
        allow_everyone("webhook", "app", ports=[4443]),
        mutating(),
    ]


def test_a_component_with_a_webhook_lacks_nothing() -> None:
    by = "chart cert-manager"
    kinds = [
        brought.kind("certificates", "Certificate", "cert-manager.io", ["v1"], by=by),
        brought.kind("issuers", "Issuer", "cert-manager.io", ["v1"], by=by),
    ]
    assert [str(finding) for finding in check([Wave("foundations", brought=kinds), Wave("platform", whole())])] == []


def test_who_signs_is_written_by_cert_manager_alone() -> None:
    assert mutating()["metadata"]["annotations"]["cert-manager.io/inject-ca-from"] == "app/webhook-cert"
    assert "caBundle" not in [path[-1] for obj in whole() for path, _ in walk(obj) if path]


def test_the_authority_outlives_the_certificate_that_it_signs() -> None:
    made = {obj["metadata"]["name"]: obj["spec"] for obj in whole() if obj["kind"] == "Certificate"}
    assert made["webhook-cert-ca"]["isCA"] is True
    assert made["webhook-cert-ca"]["privateKey"]["rotationPolicy"] == "Never"
    assert made["webhook-cert"]["dnsNames"] == ["webhook.app.svc", "webhook.app.svc.cluster.local"]


def test_a_webhook_refuses_what_nobody_answers_for_unless_it_says_otherwise() -> None:
    optional = Webhook("pods.example.com", "/validate", PODS.watched, if_absent="Ignore")
    [one], [other] = mutating()["webhooks"], validating_webhooks("checks", "app", [optional], **SERVING)["webhooks"]
    assert (one["failurePolicy"], other["failurePolicy"]) == ("Fail", "Ignore")
    assert one["namespaceSelector"] == {"matchLabels": {"team": "blue"}}
    assert "namespaceSelector" not in other
    assert one["rules"] == [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]
