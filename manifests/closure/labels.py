"""Label selectors as Kubernetes evaluates them.

Separate because policies, budgets and Services select by the same rules.
"""

from collections.abc import Mapping
from typing import Any

from mlplatform.manifests.objects import at, entries, fields, text


def selects(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a selector (`matchLabels`, `matchExpressions`) selects labels; an empty one selects everything."""
    exact = fields(selector, "matchLabels")
    return exact.items() <= labels.items() and all(_holds(expression, labels) for expression in entries(selector, "matchExpressions"))


def _holds(expression: Any, labels: Mapping[str, str]) -> bool:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement ."""
    key, values = text(expression, "key"), entries(expression, "values")
    match at(expression, "operator"):
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case _:
            return False
