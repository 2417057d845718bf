"""What the API server asks before it takes an object, and how it knows whom it asks.

Separate because a webhook that does not answer refuses all that it watches. cert-manager signs its certificate and writes the authority
into the configuration (https://cert-manager.io/docs/concepts/ca-injector/), which therefore leaves `caBundle` out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes.metadata import metadata, obj

_ADMISSION, _CERT_MANAGER = "admissionregistration.k8s.io/v1", "cert-manager.io/v1"
_TEN_YEARS = "87600h"


@dataclass(frozen=True)
class Watched:
    """Requests that a webhook is asked about: `Watched("", ["pods"], ["CREATE"])`."""

    group: str
    """The API group, empty for the core group."""
    resources: Sequence[str]
    operations: Sequence[str] = ("CREATE", "UPDATE")
    versions: Sequence[str] = ("v1",)

    def rule(self) -> dict[str, Any]:
        """Return it as Kubernetes has it."""
        return {
            "apiGroups": [self.group],
            "apiVersions": list(self.versions),
            "operations": list(self.operations),
            "resources": list(self.resources),
        }


@dataclass(frozen=True)
class Webhook:
    """One webhook of a configuration."""

    name: str
    """Its name, at least three parts: `pods.poddefaults.kubeflow.org`."""
    path: str
    """What is asked for."""
    watched: Sequence[Watched]
    namespaces: Mapping[str, Any] | None = None
    """The `namespaceSelector`; every namespace unless given."""
    objects: Mapping[str, Any] | None = None
    """The `objectSelector`; every object unless given."""
    if_absent: Literal["Fail", "Ignore"] = "Fail"
    """What becomes of a request when nobody answers."""
    timeout: int = 10
    """Seconds until nobody has answered."""
    again: bool = False
    """Whether it is asked once more when another changed the object after it."""
    reviews: Sequence[str] = ("v1",)
    """Versions of the question that it answers, the one to use first."""


def mutating_webhooks(name: str, namespace: str, webhooks: Sequence[Webhook], *, service: str, certificate: str, component: str) -> Object:
    """Return the configuration of webhooks that change objects.

    Args:
        name: Its name.
        namespace: Where the Service and the Certificate are.
        webhooks: What is asked.
        service: The Service that answers, at port 443.
        certificate: The Certificate whose authority is trusted.
        component: What it belongs to.
    """
    made = [
        {**_webhook(webhook, namespace, service), "reinvocationPolicy": "IfNeeded" if webhook.again else "Never"} for webhook in webhooks
    ]
    described = _described(name, namespace, certificate, component)
    return obj(_ADMISSION, "MutatingWebhookConfiguration", described, webhooks=made)


def validating_webhooks(
    name: str, namespace: str, webhooks: Sequence[Webhook], *, service: str, certificate: str, component: str
) -> Object:
    """Return the configuration of webhooks that refuse objects; arguments as those of `mutating_webhooks`."""
    made = [_webhook(webhook, namespace, service) for webhook in webhooks]
    described = _described(name, namespace, certificate, component)
    return obj(_ADMISSION, "ValidatingWebhookConfiguration", described, webhooks=made)


def serving_certificate(name: str, namespace: str, *, service: str, secret: str, issuer: str, component: str) -> list[Object]:
    """Return a Certificate for a Service, signed by an authority of the component's own; cert-manager puts key and certificate into a Secret.

    The authority lasts, so that what the API server trusts stays the same when the certificate is renewed: pods read the new one up to
    minutes after the configuration is written, and a certificate that signs itself would be refused until then.

    Args:
        name: The Certificate's name; its authority is that of `NAME-ca`.
        namespace: Where all of it is.
        service: The Service that answers with it.
        secret: The Secret, of type `kubernetes.io/tls`; its authority's is `SECRET-ca`.
        issuer: The name of the Issuer by which the authority signs itself.
        component: What it belongs to.
    """
    own: dict[str, Any] = {}
    authority = f"{name}-ca"
    signing = {
        "secretName": f"{secret}-ca",
        "commonName": authority,
        "isCA": True,
        "duration": _TEN_YEARS,
        "issuerRef": {"kind": "Issuer", "name": issuer},
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Never"},
    }
    serving = {
        "secretName": secret,
        "dnsNames": [f"{service}.{namespace}.svc", f"{service}.{namespace}.svc.cluster.local"],
        "usages": ["digital signature", "key encipherment", "server auth"],
        "issuerRef": {"kind": "Issuer", "name": authority},
        "privateKey": {"rotationPolicy": "Always"},
    }
    return [
        obj(_CERT_MANAGER, "Issuer", metadata(issuer, namespace, component=component), spec={"selfSigned": own}),
        obj(_CERT_MANAGER, "Certificate", metadata(authority, namespace, component=component), spec=signing),
        obj(_CERT_MANAGER, "Issuer", metadata(authority, namespace, component=component), spec={"ca": {"secretName": f"{secret}-ca"}}),
        obj(_CERT_MANAGER, "Certificate", metadata(name, namespace, component=component), spec=serving),
    ]


def _webhook(webhook: Webhook, namespace: str, service: str) -> dict[str, Any]:
    chosen = {"namespaceSelector": webhook.namespaces, "objectSelector": webhook.objects}
    return {
        "name": webhook.name,
        "admissionReviewVersions": list(webhook.reviews),
        "clientConfig": {"service": {"name": service, "namespace": namespace, "path": webhook.path, "port": 443}},
        "rules": [watched.rule() for watched in webhook.watched],
        **{key: dict(value) for key, value in chosen.items() if value is not None},
        "failurePolicy": webhook.if_absent,
        "sideEffects": "None",
        "timeoutSeconds": webhook.timeout,
    }


def _described(name: str, namespace: str, certificate: str, component: str) -> dict[str, Any]:
    return metadata(name, component=component, annotations={"cert-manager.io/inject-ca-from": f"{namespace}/{certificate}"})
