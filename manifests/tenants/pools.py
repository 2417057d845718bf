"""Where pods of tenants may run: on nodes of pools, never on the platform's own, and of some pools only where a tenant has its own.

Separate from the tenants because one pair of policies serves all: a namespace names its pools, and its people cannot change it.
A pod finds nodes by the label that Karpenter gives them (https://karpenter.sh/docs/concepts/scheduling/#labels), so that no node
changes when a tenant does. The scheduler obeys it, and a kubelet refuses a pod that came to its node past the scheduler.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import metadata, obj
from mlplatform.manifests.tenants.namespace import POOLS

NAME = "tenant-pools"
_API = "admissionregistration.k8s.io/v1"
_POOL = "karpenter.sh/nodepool"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_AT = f"/spec/affinity/nodeAffinity/{_REQUIRED}"
_SELECTOR = f"Object.spec.affinity.nodeAffinity.{_REQUIRED}"
_TERM = f"{_SELECTOR}.nodeSelectorTerms"
_EXPRESSION = f"{_TERM}.matchExpressions"
_VARIABLES: Mapping[str, str] = {
    # Empty where a tenant may use all of them.
    "pools": f"namespaceObject.metadata.?annotations[?'{POOLS}'].orValue('').split(',').filter(pool, pool != '')",
    "terms": f"object.spec.?affinity.?nodeAffinity.?{_REQUIRED}.?nodeSelectorTerms.orValue([])",
}
# Terms are alternatives: every one must hold the pod to the pools.
_OBEYS = (
    "size(variables.terms) > 0 && variables.terms.all(t, t.?matchExpressions.orValue([]).exists(e, e.key == "
    f"'{_POOL}'\n  && (e.operator == 'In' ? size(variables.pools) == 0 || e.values.all(v, v in variables.pools)\n"
    "  : e.operator == 'Exists' && size(variables.pools) == 0)))"
)
_ON_POOLS = (
    f"(size(variables.pools) > 0 ? {_EXPRESSION}{{key: '{_POOL}', operator: 'In', values: variables.pools}}\n"
    f"  : {_EXPRESSION}{{key: '{_POOL}', operator: 'Exists'}})"
)


def release() -> Release:
    """Return the release of both policies, which are there before the first tenant."""
    return Release(NAME, KUBEFLOW, "platform", objects=objects())


def objects() -> list[Object]:
    """Return the policy that puts pods on pools, the one that refuses what another admission plugin changed then, and their bindings."""
    placed = {
        **_what_they_see(),
        "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": _patches()}}],
        # Once more after a webhook that gives a pod an affinity.
        "reinvocationPolicy": "IfNeeded",
    }
    message = "'pods of this namespace run on nodes of ' + (size(variables.pools) > 0 ? variables.pools.join(', ') : 'pools')"
    refused = {
        **_what_they_see(),
        "validations": [{"expression": _OBEYS, "messageExpression": f"{message} + ', and something took away the affinity that says so'"}],
    }
    return [
        obj(_API, "MutatingAdmissionPolicy", metadata(NAME), spec=placed),
        obj(_API, "MutatingAdmissionPolicyBinding", metadata(NAME), spec={"policyName": NAME}),
        obj(_API, "ValidatingAdmissionPolicy", metadata(NAME), spec=refused),
        obj(_API, "ValidatingAdmissionPolicyBinding", metadata(NAME), spec={"policyName": NAME, "validationActions": ["Deny"]}),
    ]


def _what_they_see() -> dict[str, Any]:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {"namespaceSelector": {"matchLabels": dict(TENANT)}, "resourceRules": [rule]},
        "variables": _named(_VARIABLES),
    }


def _patches() -> str:
    """Return the expression of what is patched: nothing, every alternative that a pod has, or what of an affinity it lacks."""
    # An atomic list cannot be applied in part, so terms are written anew, each as it was and held to the pools.
    expressions = f"t.?matchExpressions.orValue([]).map(e, {_EXPRESSION}{{key: e.key, operator: e.operator, ?values: e.?values}})"
    fields = f"t.?matchFields.orValue([]).map(f, {_TERM}.matchFields{{key: f.key, operator: f.operator, ?values: f.?values}})"
    term = f"{_TERM}{{matchExpressions: {expressions} + [{_ON_POOLS}], matchFields: {fields}}}"
    return (
        f"{_OBEYS} ? []\n"
        f": size(variables.terms) > 0 ? [{_patch(_AT, f'{_SELECTOR}{{nodeSelectorTerms: variables.terms.map(t, {term})}}')}]\n"
        f": (has(object.spec.affinity) ? [] : [{_patch('/spec/affinity', 'Object.spec.affinity{}')}])\n"
        "+ (has(object.spec.affinity) && has(object.spec.affinity.nodeAffinity) ? []\n"
        f"  : [{_patch('/spec/affinity/nodeAffinity', 'Object.spec.affinity.nodeAffinity{}')}])\n"
        f"+ [{_patch(_AT, f'{_SELECTOR}{{nodeSelectorTerms: [{_TERM}{{matchExpressions: [{_ON_POOLS}]}}]}}')}]\n"
    )


def _patch(path: str, value: str) -> str:
    return f"JSONPatch{{op: 'add', path: '{path}', value: {value}}}"


def _named(expressions: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
    return [{"name": name, "expression": expression} for name, expression in expressions.items()]
