"""Names and labels of objects, and the objects that are little more than them.

Separate so that every object of ours is labelled alike, and found by the same selector.
"""

from collections.abc import Mapping
from typing import Any

from mlplatform.manifests.objects import Object

NAME = "app.kubernetes.io/name"
"""The label that selects a component's pods; it never changes, because a workload's selector cannot."""
_PART_OF = {"app.kubernetes.io/part-of": "mlplatform"}


def labels(name: str, further: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a component's labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/."""
    return {NAME: name, **_PART_OF, **(further or {})}


def metadata(
    name: str,
    namespace: str = "",
    *,
    component: str | None = None,
    further: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return an object's metadata.

    Args:
        name: The object's name.
        namespace: Its namespace; empty for kinds that have none.
        component: What it belongs to; its own name unless given.
        further: Labels beside the common ones.
        annotations: Its annotations.
    """
    made: dict[str, Any] = {"name": name}
    if namespace:
        made["namespace"] = namespace
    made["labels"] = labels(component or name, further)
    if annotations:
        made["annotations"] = dict(annotations)
    return made


def obj(api_version: str, kind: str, metadata: Mapping[str, Any], **content: Any) -> Object:
    """Return an object; content that is None is left out."""
    given = {key: value for key, value in content.items() if value is not None}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **given}


def namespace(name: str, further: Mapping[str, str] | None = None) -> Object:
    """Return a Namespace with these labels beside the common ones."""
    return obj("v1", "Namespace", metadata(name, further=further))


def service_account(name: str, namespace: str, *, role_arn: str = "", component: str | None = None) -> Object:
    """Return a ServiceAccount whose pods have an IAM role, where one is named.

    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    annotations = {"eks.amazonaws.com/role-arn": role_arn} if role_arn else None
    return obj("v1", "ServiceAccount", metadata(name, namespace, component=component, annotations=annotations))


def config_map(name: str, namespace: str, data: Mapping[str, str], *, component: str | None = None) -> Object:
    """Return a ConfigMap."""
    return obj("v1", "ConfigMap", metadata(name, namespace, component=component), data=dict(data))
