"""How to write down what a controller, an add-on or an upstream chart brings: only what others rely on.

Separate so that a declaration is one line and cannot be mistaken for an object that we install.
"""

from collections.abc import Iterable, Mapping

from mlplatform.manifests.objects import Object, Ref
from mlplatform.manifests.wave import Brought


def secret(namespace: str, name: str, keys: Iterable[str], *, by: str, source: Ref | None = None) -> Brought:
    """Return a Secret with these keys."""
    return Brought(_object("v1", "Secret", name, namespace, data=dict.fromkeys(keys, "")), by, source)


def config_map(namespace: str, name: str, keys: Iterable[str], *, by: str, source: Ref | None = None) -> Brought:
    """Return a ConfigMap with these keys."""
    return Brought(_object("v1", "ConfigMap", name, namespace, data=dict.fromkeys(keys, "")), by, source)


def namespace(name: str, labels: Mapping[str, str] | None = None, *, by: str, source: Ref | None = None) -> Brought:
    """Return a Namespace; Kubernetes itself adds its default ServiceAccount and ConfigMap."""
    obj = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels or {})}}
    return Brought(obj, by, source)


def service(
    namespace: str,
    name: str,
    ports: Mapping[str, int],
    *,
    by: str,
    pods: Mapping[str, str] | None = None,
    targets: Mapping[str, int] | None = None,
) -> Brought:
    """Return a Service with these ports by name, which selects pods with these labels; `targets` has the pods' ports that differ."""
    pod_ports = targets or {}
    entries = [{"name": key, "port": port, **({"targetPort": pod_ports[key]} if key in pod_ports else {})} for key, port in ports.items()]
    spec = {"ports": entries, "selector": dict(pods or {})}
    return Brought(_object("v1", "Service", name, namespace, spec=spec), by)


def pods(namespace: str, name: str, labels: Mapping[str, str], ports: Mapping[str, int] | None = None, *, by: str) -> Brought:
    """Return pods with these labels and container ports by name."""
    container = {"name": name, "ports": [{"name": key, "containerPort": port} for key, port in (ports or {}).items()]}
    obj = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": dict(labels)},
        "spec": {"containers": [container]},
    }
    return Brought(obj, by)


def kind(plural: str, kind: str, group: str, versions: Iterable[str], *, by: str, namespaced: bool = True) -> Brought:
    """Return a kind that a CustomResourceDefinition of others serves in these versions."""
    spec = {
        "group": group,
        "names": {"kind": kind, "plural": plural},
        "scope": "Namespaced" if namespaced else "Cluster",
        "versions": [{"name": version, "served": True} for version in versions],
    }
    return Brought(_object("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"{plural}.{group}", spec=spec), by)


def named(api_version: str, kind: str, name: str, namespace: str = "", *, by: str, source: Ref | None = None) -> Brought:
    """Return an object of which only the name matters: a ServiceAccount, a ClusterRole, a CSIDriver."""
    return Brought(_object(api_version, kind, name, namespace), by, source)


def _object(api_version: str, kind: str, name: str, namespace: str = "", **content: object) -> Object:
    metadata = {"name": name, "namespace": namespace} if namespace else {"name": name}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **content}
