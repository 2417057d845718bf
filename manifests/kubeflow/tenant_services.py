"""Which addresses a tenant's Services take: their own, and nobody else's.

Separate because neither RBAC nor a quota can say it: whoever may make a Service may write `externalIPs` into it, and every node then
leads connections to those addresses, from whichever pod, to the Service's pods; the database's address is one of them. Kubernetes
leaves it to policies: https://github.com/kubernetes/kubernetes/issues/97076 .
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.labels import TENANT
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj

_API = "admissionregistration.k8s.io/v1"
NAME = "tenant-services"


def objects(settings: Settings) -> list[Object]:
    """Return the policy and its binding, nothing where the environment has no tenants' namespaces."""
    return policy() if settings.kubeflow.has("profiles") else []


def policy(name: str = NAME) -> list[Object]:
    """Return the policy, for the API server itself to ask, and its binding."""
    services = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["services"]}
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"namespaceSelector": {"matchLabels": dict(TENANT)}, "resourceRules": [services]},
        "validations": [
            {
                "expression": "size(object.spec.?externalIPs.orValue([])) == 0",
                "message": "a Service of this namespace has no externalIPs: they would take connections of the whole cluster",
            }
        ],
    }
    return [
        obj(_API, "ValidatingAdmissionPolicy", metadata(name, component=NAME), spec=spec),
        obj(
            _API,
            "ValidatingAdmissionPolicyBinding",
            metadata(name, component=NAME),
            spec={"policyName": name, "validationActions": ["Deny"]},
        ),
    ]
