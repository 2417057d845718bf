"""Why what people may do in a tenant's namespace is not upstream's kubeflow-roles."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component

_EDIT, _VIEW = "ClusterRole kubeflow-kubernetes-edit", "ClusterRole kubeflow-kubernetes-view"

COMPONENT = Component(
    "kubeflow-roles",
    part="profiles",
    reasons=(
        Changed(
            "no Kubernetes since 1.22 serves the group extensions, nor deployments/rollback",
            ("rules: *.extensions: *", "rules: deployments/rollback.apps: *"),
            (_EDIT, _VIEW),
        ),
        Changed(
            "an Endpoints object that a tenant writes leads its Service to pods of other tenants: kubernetes/kubernetes#103675",
            ("rules: endpoints: *",),
            (_EDIT,),
        ),
        Changed(
            "an Ingress is a way in past the gateway and its sign-in",
            ("rules: ingresses.networking.k8s.io: *",),
            (_EDIT,),
        ),
        Changed(
            "network policies of a tenant are the platform's: one member would open the namespace for all",
            ("rules: networkpolicies.networking.k8s.io: *",),
            (_EDIT,),
        ),
        Added(
            "a Service that takes an address of somebody else's is refused by admission: RBAC cannot say it, kubernetes/kubernetes#97076",
            ("ValidatingAdmissionPolicy tenant-services", "ValidatingAdmissionPolicyBinding tenant-services"),
        ),
    ),
)
