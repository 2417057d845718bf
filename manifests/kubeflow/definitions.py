"""The kinds Profile and PodDefault, which Kubeflow has no chart for.

Separate from what acts on them, in a release of its own: whoever uninstalls a component must not delete every Profile with it. Groups,
names, versions and subresources are upstream's, and there are no printer columns:
https://github.com/kubeflow/dashboard/tree/v2.0.0/components .
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Version, definition

GROUP = "kubeflow.org"
Schema = Mapping[str, Any]
_QUANTITY = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_OPEN: Schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
_ATOMIC: Schema = {"x-kubernetes-map-type": "atomic"}


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
    schema = {"spec": _profile(), "status": _object({"conditions": _list(_object({"type": _TEXT, "status": _TEXT, "message": _TEXT}))})}
    versions = [Version("v1", schema, stored=True, status=True), Version("v1beta1", schema, status=True)]
    return definition("Profile", "profiles", GROUP, versions, component="profile-controller", namespaced=False)


def pod_default() -> Object:
    """Return the kind of which each object is added to the pods of its namespace that it selects."""
    schema = {"spec": _pod_default(), "status": {"type": "object"}}
    return definition(
        "PodDefault", "poddefaults", GROUP, [Version("v1alpha1", schema, stored=True, status=True)], component="poddefaults-webhook"
    )


def _profile() -> Schema:
    owner = _object({"apiGroup": _TEXT, "kind": _TEXT, "name": _TEXT, "namespace": _TEXT}, required=("kind", "name"))
    quantity: Schema = {"anyOf": [{"type": "integer"}, {"type": "string"}], "pattern": _QUANTITY, "x-kubernetes-int-or-string": True}
    quota = {"hard": {"type": "object", "additionalProperties": quantity}, "scopes": _list(_TEXT), "scopeSelector": _OPEN}
    plugin = _object({"apiVersion": _TEXT, "kind": _TEXT, "spec": _OPEN})
    return _object({"owner": {**owner, **_ATOMIC}, "plugins": _list(plugin), "resourceQuotaSpec": _object(quota)})


def _pod_default() -> Schema:
    """Return the schema of what the webhook reads: a value of a wrong type would make it refuse every pod of the namespace."""
    texts: Schema = {"type": "object", "additionalProperties": _TEXT}
    expression = _object({"key": _TEXT, "operator": _TEXT, "values": _list(_TEXT)}, required=("key", "operator"))
    selector = _object({"matchLabels": texts, "matchExpressions": _list(expression)})
    key = _object({"name": _TEXT, "key": _TEXT, "optional": _FLAG}, required=("key",))
    source = _object({"configMapKeyRef": key, "secretKeyRef": key, "fieldRef": _OPEN, "resourceFieldRef": _OPEN})
    reference = _object({"name": _TEXT, "optional": _FLAG})
    mount = {"name": _TEXT, "mountPath": _TEXT, "subPath": _TEXT, "subPathExpr": _TEXT, "readOnly": _FLAG}
    seconds: Schema = {"type": "integer", "format": "int64"}
    toleration = {"key": _TEXT, "operator": _TEXT, "value": _TEXT, "effect": _TEXT, "tolerationSeconds": seconds}
    named: Schema = {**_OPEN, "properties": {"name": _TEXT}, "required": ["name"]}
    fields: dict[str, Schema] = {
        "selector": {**selector, **_ATOMIC},
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
        "automountServiceAccountToken": _FLAG,
    }
    return _object(fields, required=("selector",))


def _object(properties: Mapping[str, Schema], *, required: Sequence[str] = ()) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    return made | ({"required": list(required)} if required else {})


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": dict(items)}
