"""What roles allow, whom bindings give it to, and what service accounts carry.

Separate because rules are compared one resource at a time, however an author grouped them.
"""

from collections.abc import Iterator
from itertools import product

from mlplatform.manifests.conformance.facts.installed import Installed
from mlplatform.manifests.conformance.facts.texts import Line, leaves
from mlplatform.manifests.objects import Object, at, entries, fields, qualified, text


def of_role(obj: Object, _: Installed) -> Iterator[Line]:
    """Yield one line for each resource: `deployments/scale.apps: get list`, and how the role is aggregated."""
    allowed: dict[str, set[str]] = {}
    for rule in entries(obj, "rules"):
        for subject in _subjects(rule):
            allowed.setdefault(subject, set()).update(entries(rule, "verbs"))
    yield from (("rules", f"{subject}: {' '.join(sorted(verbs))}") for subject, verbs in allowed.items())
    for selector in entries(obj, "aggregationRule", "clusterRoleSelectors"):
        yield from (("aggregates", leaf) for leaf in leaves(selector))
    for label, value in fields(obj, "metadata", "labels").items():
        if "/aggregate-to-" in label:
            yield "aggregated to", f"{label}={value}"


def _subjects(rule: object) -> Iterator[str]:
    yield from entries(rule, "nonResourceURLs")
    names = f"[{' '.join(sorted(names))}]" if (names := entries(rule, "resourceNames")) else ""
    for group, resource in product(entries(rule, "apiGroups"), entries(rule, "resources")):
        yield f"{qualified(resource, group)}{names}"


def of_binding(obj: Object, _: Installed) -> Iterator[Line]:
    """Yield the role and who has it."""
    yield "role", f"{text(obj, 'roleRef', 'kind')} {text(obj, 'roleRef', 'name')}"
    for subject in entries(obj, "subjects"):
        name = "/".join(filter(None, (text(subject, "namespace"), text(subject, "name"))))
        yield "subjects", f"{text(subject, 'kind')} {name}"


def of_service_account(obj: Object, _: Installed) -> Iterator[Line]:
    """Yield whether pods get its token, and the annotations that give it a role elsewhere."""
    if at(obj, "automountServiceAccountToken") is False:
        yield "automountServiceAccountToken", "false"
    yield from (("annotations", key) for key in fields(obj, "metadata", "annotations"))
