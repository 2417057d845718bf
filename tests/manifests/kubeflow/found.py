"""Objects of Kubeflow's components by kind and name, and what an account may do by them, for tests."""

from collections.abc import Iterator, Sequence
from typing import Any

from mlplatform.manifests.objects import Object


def one(objects: Sequence[Object], kind: str, name: str = "") -> Any:
    """Return the object of a kind, of this name where there are several."""
    [found] = [obj for obj in objects if obj["kind"] == kind and name in ("", obj["metadata"]["name"])]
    return found


def pods(objects: Sequence[Object], name: str = "") -> Any:
    """Return the specification of a Deployment's pods."""
    return one(objects, "Deployment", name)["spec"]["template"]["spec"]


def environment(container: Any) -> dict[str, str]:
    """Return a container's variables that have a value."""
    return {entry["name"]: entry["value"] for entry in container["env"] if "value" in entry}


def rights(objects: Sequence[Object], account: str) -> dict[tuple[str, str, str], tuple[set[str], tuple[str, ...]]]:
    """Return what an account may do: verbs and names (all where empty) by the role's kind, the group and the resource."""
    found: dict[tuple[str, str, str], tuple[set[str], tuple[str, ...]]] = {}
    for role in _roles(objects, account):
        for rule in role["rules"]:
            for resource in rule["resources"]:
                found[role["kind"], rule["apiGroups"][0], resource] = (set(rule["verbs"]), tuple(rule.get("resourceNames", ())))
    return found


def _roles(objects: Sequence[Object], account: str) -> Iterator[Any]:
    for binding in objects:
        if binding["kind"] in ("RoleBinding", "ClusterRoleBinding") and account in [subject["name"] for subject in binding["subjects"]]:
            yield one(objects, binding["roleRef"]["kind"], binding["roleRef"]["name"])
