"""What pods run: images, flags, variables, ports, probes, security, volumes, requests.

Separate because a pod says many things twice: for itself and for each container, by name and by value.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.manifests.conformance.facts.installed import Installed
from mlplatform.manifests.conformance.facts.names import image, without_hash
from mlplatform.manifests.conformance.facts.texts import Line, assigned, leaves
from mlplatform.manifests.objects import Object, at, entries, fields, kind_of, text

_PLACEMENT = ("affinity", "nodeSelector", "tolerations", "topologySpreadConstraints", "priorityClassName")
_NODE = ("hostNetwork", "hostPID", "hostIPC")
_SECURITY = ("runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile")
"""What a container has from its pod unless it says otherwise: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"""


def of_workload(obj: Object, installed: Installed) -> Iterator[Line]:
    """Yield what the pods of a Deployment, StatefulSet, DaemonSet or Job run, and how many there are."""
    spec, pod = fields(obj, "spec"), fields(obj, "spec", "template", "spec")
    if kind_of(obj) in {"Deployment.apps", "StatefulSet.apps"}:
        yield "replicas", str(spec.get("replicas", 1))
    for key in ("strategy", "updateStrategy", "serviceName", "volumeClaimTemplates"):
        yield from ((key, leaf) for leaf in leaves(spec[key])) if key in spec else ()
    yield "serviceAccount", text(pod, "serviceAccountName") or "default"
    if (inject := text(spec, "template", "metadata", "labels", "sidecar.istio.io/inject")) or (
        inject := text(spec, "template", "metadata", "annotations", "sidecar.istio.io/inject")
    ):
        yield "sidecar", inject
    yield from (("placement", key) for key in _PLACEMENT if pod.get(key))
    yield from (("node", f"{key}=true") for key in _NODE if pod.get(key))
    yield from (("volumes", _volume(volume)) for volume in entries(pod, "volumes"))
    namespace = text(obj, "metadata", "namespace")
    for prefix, key in (("", "containers"), ("init ", "initContainers")):
        for container in entries(pod, key):
            name = prefix + text(container, "name")
            yield from ((field, f"{name}: {line}") for field, line in _of_container(container, pod, namespace, installed))


def _of_container(container: Mapping[str, Any], pod: Mapping[str, Any], namespace: str, installed: Installed) -> Iterator[Line]:
    variables = dict(_variables(container, namespace, installed))
    yield "image", image(text(container, "image"))
    yield from (("flags", flag) for flag in _flags(container, variables))
    yield from (("env", assigned(name, value) if value is not None else name) for name, value in variables.items())
    for port in entries(container, "ports"):
        protocol = text(port, "protocol") or "TCP"
        yield "ports", " ".join(filter(None, (str(at(port, "containerPort")), text(port, "name"), protocol if protocol != "TCP" else "")))
    for kind in ("startup", "readiness", "liveness"):
        if probe := fields(container, f"{kind}Probe"):
            yield "probes", f"{kind} {_asked(probe, container)}"
    yield from (("security", leaf) for leaf in _security(container, pod))
    yield from (("resources", leaf) for leaf in leaves(fields(container, "resources")) if leaf != "{}")
    yield from (("mounts", text(mount, "mountPath")) for mount in entries(container, "volumeMounts"))
    for hook in fields(container, "lifecycle"):
        yield "lifecycle", hook
    if policy := text(container, "restartPolicy"):
        yield "restartPolicy", policy


def _variables(container: Mapping[str, Any], namespace: str, installed: Installed) -> Iterator[tuple[str, str | None]]:
    """Yield each variable with its value, None where it is only known while the pod runs, or a secret."""
    for source in entries(container, "envFrom"):
        prefix = text(source, "prefix")
        for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            for name, value in installed.data(kind, namespace, text(source, key, "name")).items():
                yield prefix + name, value if kind == "ConfigMap" else None
    for variable in entries(container, "env"):
        config = fields(variable, "valueFrom", "configMapKeyRef")
        known = installed.data("ConfigMap", namespace, text(config, "name")).get(text(config, "key"))
        yield text(variable, "name"), known if "valueFrom" in variable else text(variable, "value")


def _flags(container: Mapping[str, Any], variables: Mapping[str, str | None]) -> Iterator[str]:
    """Yield each flag with its value, `-flag value` and `--flag=value` alike, and each other word of the command line."""
    words = [_filled(str(word), variables) for word in (*entries(container, "command"), *entries(container, "args"))]
    position = 0
    while position < len(words):
        word, following = words[position], words[position + 1] if position + 1 < len(words) else "-"
        if re.fullmatch(r"--?\w[\w.-]*", word) and not following.startswith("-"):
            word, position = f"{word}={following}", position + 1
        # Go's own flags take one dash or two: https://pkg.go.dev/flag#hdr-Command_line_flag_syntax
        yield re.sub(r"^-(?=\w{2})", "--", word) if not re.search(r"\s", word) else "(script)"
        position += 1


def _filled(word: str, variables: Mapping[str, str | None]) -> str:
    return re.sub(r"\$\((\w+)\)", lambda found: value if (value := variables.get(found[1])) is not None else found[0], word)


def _asked(probe: Mapping[str, Any], container: Mapping[str, Any]) -> str:
    if get := fields(probe, "httpGet"):
        return f"{text(get, 'scheme') or 'HTTP'} {_number(get.get('port'), container)}{text(get, 'path')}"
    for kind in ("tcpSocket", "grpc"):
        if kind in probe:
            return f"{kind} {_number(at(probe, kind, 'port'), container)}"
    return "exec"


def _number(port: object, container: Mapping[str, Any]) -> str:
    named = {text(entry, "name"): at(entry, "containerPort") for entry in entries(container, "ports")}
    return str(named.get(port, port) if isinstance(port, str) else port)


def _security(container: Mapping[str, Any], pod: Mapping[str, Any]) -> Iterator[str]:
    inherited = {key: value for key, value in fields(pod, "securityContext").items() if key in _SECURITY}
    own = {**inherited, **fields(container, "securityContext")}
    yield from (leaf for leaf in leaves(own) if leaf not in {"{}", "privileged=false"})
    of_the_pod = {key: value for key, value in fields(pod, "securityContext").items() if key not in _SECURITY}
    yield from (f"pod.{leaf}" for leaf in leaves(of_the_pod) if leaf != "{}")


def _volume(volume: Mapping[str, Any]) -> str:
    kind = next((key for key in volume if key != "name"), "emptyDir")
    source = text(volume, kind, "name") or text(volume, kind, "secretName") or text(volume, kind, "claimName") or text(volume, kind, "path")
    return " ".join(filter(None, (kind, without_hash(source) if kind in {"configMap", "secret"} else source)))
