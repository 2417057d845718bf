"""Which nodes a DaemonSet lands on, by the rules of Kubernetes' scheduler that ours use."""

from collections.abc import Mapping
from typing import Any

from mlplatform.manifests.objects import Object, at, entries


def lands_on(daemon_set: Object, labels: Mapping[str, str]) -> bool:
    """Whether a DaemonSet has a pod on a node with these labels."""
    required = at(daemon_set, "spec", "template", "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    terms = entries(required, "nodeSelectorTerms")
    return not terms or any(all(_holds(expression, labels) for expression in entries(term, "matchExpressions")) for term in terms)


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value = labels.get(expression["key"])
    match expression["operator"]:
        case "In":
            return value in expression["values"]
        case "DoesNotExist":
            return value is None
        case other:
            raise NotImplementedError(other)
