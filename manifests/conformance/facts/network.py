"""Where Services listen and whom NetworkPolicies let in.

Separate because both have defaults that Kubernetes fills in and that an author may write or not.
"""

from collections.abc import Iterator
from typing import Any

from mlplatform.manifests.conformance.facts.installed import Installed
from mlplatform.manifests.conformance.facts.texts import Line, assigned, entry, selector
from mlplatform.manifests.objects import Object, at, entries, fields, text


def of_service(obj: Object, installed: Installed) -> Iterator[Line]:
    """Yield the ports as `80 http to 8082`, and what kind of Service it is."""
    spec, namespace = fields(obj, "spec"), text(obj, "metadata", "namespace")
    for port in entries(spec, "ports"):
        protocol, target = text(port, "protocol") or "TCP", at(port, "targetPort") or at(port, "port")
        words = [str(at(port, "port")), text(port, "name"), f"to {installed.port(namespace, spec.get('selector'), target)}"]
        yield "ports", " ".join(filter(None, [*words, protocol if protocol != "TCP" else "", text(port, "appProtocol")]))
    yield "type", text(spec, "type") or "ClusterIP"
    plain = {"clusterIP", "externalName", "externalTrafficPolicy", "loadBalancerClass", "publishNotReadyAddresses", "sessionAffinity"}
    for key in sorted(plain & spec.keys()):
        if spec[key] not in (None, False, "None" if key == "sessionAffinity" else ""):
            yield "settings", assigned(key, spec[key])
    yield from (("annotations", key) for key in fields(obj, "metadata", "annotations"))


def of_policy(obj: Object, installed: Installed) -> Iterator[Line]:
    """Yield which pods a policy is for and one line for each of its rules; a rule that names nobody admits everybody."""
    spec, namespace = fields(obj, "spec"), text(obj, "metadata", "namespace")
    yield from (("podSelector", pods) for pods in installed.selected(namespace, at(spec, "podSelector")))
    yield from (("policyTypes", kind) for kind in entries(spec, "policyTypes") or _implied(spec))
    yield from (("egress", entry(_completed(rule))) for rule in entries(spec, "egress"))
    for rule in entries(spec, "ingress"):
        completed = _completed(rule)
        labels = selector(at(spec, "podSelector")).get("matchLabels")
        for port in completed.get("ports", ()):
            port["port"] = installed.port(namespace, labels, port.get("port"))
        yield "ingress", entry(completed)


def _implied(spec: Any) -> list[str]:
    return ["Ingress", *(["Egress"] if "egress" in spec else [])]


def _completed(rule: Any) -> dict[str, Any]:
    """Return a rule with the protocol that Kubernetes fills in, without what names nothing."""
    ports = [{"protocol": "TCP", **port} for port in entries(rule, "ports")]
    return {key: value for key, value in {**rule, "ports": ports}.items() if value}
