"""Why our profile controller and KFAM, two Deployments, are not upstream's profiles, which is one."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, LeftOut, Moved
from mlplatform.manifests.conformance.reasons.shared import MESH_V1, PODS_OF_OURS

_PODS = ("Deployment kubeflow/profiles-deployment",)

COMPONENT = Component(
    "profiles",
    part="profiles",
    reasons=(
        *PODS_OF_OURS,
        MESH_V1,
        Moved(
            "KFAM answers people, and has pods and an account of its own",
            "access-management",
            was="Deployment kubeflow/profiles-deployment",
            now="Deployment kubeflow/profiles-kfam",
            without="dashboard",
        ),
        Changed(
            "what the ConfigMap sets is in the Deployment instead: flags as values, variables as far as each program reads them",
            ("env: manager: *", "env: access-management: *", "flags: manager: --workload-identity="),
            _PODS,
        ),
        Changed(
            "its metrics can be collected, and it logs as a program in production does",
            ("flags: manager: --metrics-bind-address=*", "flags: manager: --zap-devel=false", "ports: manager: *"),
            _PODS,
        ),
        Changed("it calls the API server alone, and nobody calls it: it is outside the mesh", ("sidecar",), _PODS),
        Changed(
            "upstream's account may do everything in the cluster; ours what the controller's code asks for",
            ("role",),
            ("ClusterRoleBinding profiles-cluster-rolebinding",),
        ),
        Changed(
            "its lock is a Lease",
            ("rules: configmaps: *", "rules: leases.coordination.k8s.io: *"),
            ("Role kubeflow/profiles-leader-election-role",),
        ),
        Changed(
            "a tenant's Namespace is made by its release and gets the label there; the controller adds it where a Profile is made by hand",
            ("settings: namespace-labels.yaml: istio-injection=enabled",),
            ("ConfigMap kubeflow/profiles-namespace-labels-data",),
        ),
        Changed(
            "the dashboard alone reaches KFAM, as the mesh's own policy has it, where upstream lets in every pod of two namespaces",
            ("ingress", "podSelector"),
            ("NetworkPolicy kubeflow/profiles-kfam",),
        ),
        Changed("KFAM has pods of its own", ("selector",), ("AuthorizationPolicy kubeflow/profiles-kfam",)),
        LeftOut("what it sets is in the Deployments instead, and rolled out with them", ("ConfigMap kubeflow/profiles-config",)),
        LeftOut(
            "KFAM answers the dashboard and nobody else, and the environment has no dashboard",
            ("* kubeflow/profiles-kfam",),
            without="dashboard",
        ),
        LeftOut(
            "no browser needs KFAM: the dashboard asks it, and the gateway has no path that its own policy would refuse",
            ("VirtualService kubeflow/profiles-kfam",),
        ),
        Added(
            "KFAM answers people and has pods and an account of its own, which can neither make nor delete a Profile",
            ("* kubeflow/profiles-kfam", "ClusterRole profiles-kfam", "ClusterRoleBinding profiles-kfam"),
        ),
        Added(
            "the two accounts that hand out roles do so in tenants' namespaces alone, which admission says and RBAC cannot",
            ("ValidatingAdmissionPolicy roles-in-tenants-namespaces", "ValidatingAdmissionPolicyBinding roles-in-tenants-namespaces"),
        ),
        Added("its metrics can be collected, by whoever's namespace says so", ("NetworkPolicy kubeflow/profiles-deployment",)),
        Added("upstream binds cluster-admin instead", ("ClusterRole profiles-controller",)),
    ),
)
