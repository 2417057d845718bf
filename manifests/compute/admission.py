"""What the API server adds to pods: the way to GPU nodes, time to finish, and images that can be pulled here.

Separate from the pools because users' manifests, written for any cluster, get it without a word about ours. The policies are
Kubernetes' own (https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/): no webhook that must run first.
"""

from collections.abc import Mapping
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.images_of_pods import (
    copies_in_a_pod,
    copies_in_debuggers,
    images_of_a_pod,
    images_of_debuggers,
    steps,
)
from mlplatform.manifests.compute.labels import GPU, TENANT
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj

_API = "admissionregistration.k8s.io/v1"
_NOT_THE_CLUSTERS_OWN = {
    "matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "kube-node-lease"]}]
}
"""A mistake in a policy must never keep the cluster's own pods from starting."""
DO_NOT_DISRUPT = "karpenter.sh/do-not-disrupt"
_WORK = ("katib.kubeflow.org/trial", "workflows.argoproj.io/workflow", "notebook-name")
"""Labels of pods that do work which is lost with them: trials, steps of pipelines, notebooks. A Job's pods are known by their owner."""


def objects(settings: Settings) -> list[Object]:
    """Return the policies and their bindings.

    Args:
        settings: The environment: where images are mirrored, those that users bring are pulled from the mirror.
    """
    made = [*tolerance(), *undisturbed()]
    if (mirror := settings.mirror) is None:
        return made
    return [*made, *mirrored_images(mirror.root), *mirrored_debuggers(mirror.root)]


def tolerance() -> list[Object]:
    """Return the policy by which a pod that asks for a GPU, and no other, tolerates the taint of GPU nodes."""
    toleration = f"Object.spec.tolerations{{key: '{GPU}', operator: 'Exists', effect: 'NoSchedule'}}"
    # A list that is atomic cannot be applied in part, only patched.
    expression = (
        "has(object.spec.tolerations)\n"
        f"? [JSONPatch{{op: 'add', path: '/spec/tolerations/-', value: {toleration}}}]\n"
        f": [JSONPatch{{op: 'add', path: '/spec/tolerations', value: [{toleration}]}}]\n"
    )
    return _policy(
        "tolerate-gpu-nodes",
        "pods",
        _NOT_THE_CLUSTERS_OWN,
        conditions={"asks-for-a-gpu": _ASKS, "does-not-tolerate-them-yet": f"!({_TOLERATES})"},
        mutation={"patchType": "JSONPatch", "jsonPatch": {"expression": expression}},
    )


def undisturbed() -> list[Object]:
    """Return the policy by which Karpenter leaves nodes alone while a job, trial, pipeline step or notebook runs on them."""
    owned = "object.metadata.?ownerReferences.orValue([]).exists(o, o.kind == 'Job' && o.apiVersion.startsWith('batch/'))"
    labelled = (f"'{label}' in object.metadata.?labels.orValue({{}})" for label in _WORK)
    return _policy(
        "do-not-disrupt-work",
        "pods",
        _NOT_THE_CLUSTERS_OWN,
        conditions={
            "does-work": "\n|| ".join((owned, *labelled)) + "\n",
            # Whoever wrote it themselves means it: `false`, or for how long.
            "does-not-say-itself": f"!('{DO_NOT_DISRUPT}' in object.metadata.?annotations.orValue({{}}))",
        },
        mutation=_apply(f"Object{{metadata: Object.metadata{{annotations: {{'{DO_NOT_DISRUPT}': 'true'}}}}}}"),
    )


def mirrored_images(root: str) -> list[Object]:
    """Return the policy by which tenants' pods pull images of public registries from copies below a root in ECR."""
    return _policy(
        "pull-from-mirror",
        "pods",
        {"matchLabels": TENANT},
        variables=steps(images_of_a_pod(), root),
        mutation=_apply(copies_in_a_pod()),
    )


def mirrored_debuggers(root: str) -> list[Object]:
    """Return the same for containers that `kubectl debug` adds to a pod that runs."""
    return _policy(
        "debug-from-mirror",
        "pods/ephemeralcontainers",
        {"matchLabels": TENANT},
        operation="UPDATE",
        variables=steps(images_of_debuggers(), root),
        mutation=_apply(copies_in_debuggers()),
    )


_ASKS = (
    "(object.spec.containers + object.spec.?initContainers.orValue([])).exists(c,\n"
    f"  quantity(string(c.?resources.?limits[?'{GPU}'].orValue('0'))).isGreaterThan(quantity('0')))\n"
)
"""An extended resource that has a request has the same limit."""
# https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ : no key and `Exists` is every taint.
_TOLERATES = (
    "object.spec.?tolerations.orValue([]).exists(t,\n"
    "  t.?effect.orValue('') in ['', 'NoSchedule'] && (t.?operator.orValue('Equal') == 'Exists'\n"
    f"    ? t.?key.orValue('') in ['', '{GPU}']\n"
    f"    : t.?operator.orValue('Equal') == 'Equal' && t.?key.orValue('') == '{GPU}' && t.?value.orValue('') == ''))\n"
)


def _apply(expression: str) -> Mapping[str, Any]:
    return {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": expression}}


def _policy(
    name: str,
    resource: str,
    namespaces: Mapping[str, Any],
    *,
    mutation: Mapping[str, Any],
    operation: str = "CREATE",
    conditions: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> list[Object]:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": [operation], "resources": [resource]}
    expressions = {"matchConditions": _named(conditions), "variables": _named(variables)}
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"namespaceSelector": namespaces, "resourceRules": [rule]},
        **{field: entries for field, entries in expressions.items() if entries},
        "mutations": [mutation],
        # Once more after a webhook that adds a container or a label.
        "reinvocationPolicy": "IfNeeded",
    }
    return [
        obj(_API, "MutatingAdmissionPolicy", metadata(name), spec=spec),
        obj(_API, "MutatingAdmissionPolicyBinding", metadata(name), spec={"policyName": name}),
    ]


def _named(expressions: Mapping[str, str] | None) -> list[Mapping[str, str]]:
    return [{"name": name, "expression": expression} for name, expression in (expressions or {}).items()]
