"""The kinds Profile and PodDefault, which Kubeflow has no chart for.

Separate from what acts on them, in a release of its own: whoever uninstalls a component must not delete every Profile with it. Groups,
names, versions and subresources are upstream's, and there are no printer columns:
https://github.com/kubeflow/dashboard/tree/v2.0.0/components .
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj

GROUP = "kubeflow.org"
KEPT = {"helm.sh/resource-policy": "keep"}
"""https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource"""

Schema = Mapping[str, Any]
_QUANTITY = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
_TEXT: Schema = {"type": "string"}
_OPEN: Schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def objects(settings: Settings) -> list[Object]:
    """Return the definitions of the kinds that the environment's components act on."""
    made: list[Object] = []
    if settings.kubeflow.has("profiles"):
        made.append(profile())
    if settings.kubeflow.has("pod-defaults"):
        made.append(pod_default())
    return made


def profile() -> Object:
    """Return the kind of which each object is a tenant.

    Both versions are served, because KFAM asks for v1beta1 by name and finds no tenant without it:
    https://github.com/kubeflow/dashboard/blob/v2.0.0/components/access-management/kfam/profiles.go .
    """
    return _definition("profiles", "Profile", "Cluster", {"v1": _profile(), "v1beta1": _profile()})


def pod_default() -> Object:
    """Return the kind of which each object is added to the pods of a namespace that it selects."""
    return _definition("poddefaults", "PodDefault", "Namespaced", {"v1alpha1": _pod_default()})


def _definition(plural: str, kind: str, scope: str, versions: Mapping[str, Schema]) -> Object:
    """Return a CustomResourceDefinition whose first version is stored."""
    singular = kind.lower()
    spec = {
        "group": GROUP,
        "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": singular},
        "scope": scope,
        "versions": [
            {
                "name": version,
                "served": True,
                "storage": position == 0,
                "schema": {"openAPIV3Schema": schema},
                "subresources": {"status": dict[str, Any]()},
            }
            for position, (version, schema) in enumerate(versions.items())
        ],
    }
    return obj("apiextensions.k8s.io/v1", "CustomResourceDefinition", metadata(f"{plural}.{GROUP}", annotations=KEPT), spec=spec)


def _profile() -> Schema:
    owner = _object({"apiGroup": _TEXT, "kind": _TEXT, "name": _TEXT, "namespace": _TEXT}, required=("kind", "name"))
    quantity: Schema = {"anyOf": [{"type": "integer"}, {"type": "string"}], "pattern": _QUANTITY, "x-kubernetes-int-or-string": True}
    quota = _object(
        {
            "hard": {"type": "object", "additionalProperties": quantity},
            "scopes": _list(_TEXT),
            "scopeSelector": _OPEN,
        }
    )
    plugin = _object({"apiVersion": _TEXT, "kind": _TEXT, "spec": _OPEN})
    condition = _object({"type": _TEXT, "status": _TEXT, "message": _TEXT})
    return _kind(
        _object({"owner": {**owner, "x-kubernetes-map-type": "atomic"}, "plugins": _list(plugin), "resourceQuotaSpec": quota}),
        _object({"conditions": _list(condition)}),
    )


def _pod_default() -> Schema:
    """Return the schema of what the webhook reads: a value of a wrong type would make it refuse every pod of the namespace."""
    texts: Schema = {"type": "object", "additionalProperties": _TEXT}
    key = _object({"name": _TEXT, "key": _TEXT, "optional": {"type": "boolean"}}, required=("key",))
    source = _object({"configMapKeyRef": key, "secretKeyRef": key, "fieldRef": _OPEN, "resourceFieldRef": _OPEN})
    reference = _object({"name": _TEXT, "optional": {"type": "boolean"}})
    mount = {"name": _TEXT, "mountPath": _TEXT, "subPath": _TEXT, "subPathExpr": _TEXT, "readOnly": {"type": "boolean"}}
    toleration = {
        "key": _TEXT,
        "operator": _TEXT,
        "value": _TEXT,
        "effect": _TEXT,
        "tolerationSeconds": {"type": "integer", "format": "int64"},
    }
    named: Schema = {**_OPEN, "properties": {"name": _TEXT}, "required": ["name"]}
    expression = _object({"key": _TEXT, "operator": _TEXT, "values": _list(_TEXT)}, required=("key", "operator"))
    selector = _object({"matchLabels": texts, "matchExpressions": _list(expression)})
    fields: dict[str, Schema] = {
        "selector": {**selector, "x-kubernetes-map-type": "atomic"},
        "desc": _TEXT,
        "annotations": texts,
        "labels": texts,
        "env": _list(_object({"name": _TEXT, "value": _TEXT, "valueFrom": source}, required=("name",))),
        "envFrom": _list(_object({"prefix": _TEXT, "configMapRef": reference, "secretRef": reference})),
        "volumes": _list(named),
        "volumeMounts": _list({**_OPEN, "properties": mount, "required": ["mountPath", "name"]}),
        "tolerations": _list(_object(toleration)),
        "imagePullSecrets": _list(_object({"name": _TEXT})),
        "initContainers": _list(named),
        "sidecars": _list(named),
        "command": _list(_TEXT),
        "args": _list(_TEXT),
        "serviceAccountName": _TEXT,
        "automountServiceAccountToken": {"type": "boolean"},
    }
    return _kind(_object(fields, required=("selector",)), {"type": "object"})


def _kind(spec: Schema, status: Schema) -> Schema:
    return _object({"apiVersion": _TEXT, "kind": _TEXT, "metadata": {"type": "object"}, "spec": spec, "status": status})


def _object(properties: Mapping[str, Schema], *, required: Sequence[str] = ()) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    return made | ({"required": list(required)} if required else {})


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": dict(items)}
