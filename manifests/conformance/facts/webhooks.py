"""What webhooks are asked about, who answers, and what happens when nobody does.

Separate because the failure policy decides what a missing pod blocks.
"""

from collections.abc import Iterator
from itertools import product

from mlplatform.manifests.conformance.facts.installed import Installed
from mlplatform.manifests.conformance.facts.texts import Line, leaves, selector
from mlplatform.manifests.objects import Object, at, entries, text


def of_configuration(obj: Object, _: Installed) -> Iterator[Line]:
    """Yield a configuration's lines, each with the name of the webhook."""
    for webhook in entries(obj, "webhooks"):
        name = text(webhook, "name")
        yield from ((field, f"{name}: {line}") for field, line in _of_webhook(webhook))


def _of_webhook(webhook: object) -> Iterator[Line]:
    for rule in entries(webhook, "rules"):
        operations = " ".join(sorted(entries(rule, "operations")))
        for group, version, resource in product(*(entries(rule, key) for key in ("apiGroups", "apiVersions", "resources"))):
            yield "rules", f"{operations} {'/'.join(filter(None, (group, version, resource)))}"
    service = ("clientConfig", "service")
    port = at(webhook, *service, "port") or 443
    yield "service", f"{text(webhook, *service, 'namespace')}/{text(webhook, *service, 'name')}:{port}{text(webhook, *service, 'path')}"
    # What Kubernetes fills in: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
    yield "failurePolicy", text(webhook, "failurePolicy") or "Fail"
    yield "matchPolicy", text(webhook, "matchPolicy") or "Equivalent"
    yield "sideEffects", text(webhook, "sideEffects")
    yield "reinvocationPolicy", text(webhook, "reinvocationPolicy") or "Never"
    yield "timeoutSeconds", str(at(webhook, "timeoutSeconds") or 10)
    for key in ("namespaceSelector", "objectSelector"):
        yield from ((key, leaf) for leaf in leaves(selector(at(webhook, key))) if leaf != "{}")
