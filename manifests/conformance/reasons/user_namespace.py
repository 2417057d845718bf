"""Why our tenants are not upstream's user-namespace, which is one Profile."""

from mlplatform.manifests.conformance.reason import Added, Component, LeftOut

COMPONENT = Component(
    "user-namespace",
    part="profiles",
    reasons=(
        LeftOut(
            "tenants are the environment's, each with a release of its own: there is no namespace for a person whose password everybody knows",
            ("Profile kubeflow-user-example-com",),
        ),
        Added(
            "a tenant of the environment, kept when its release goes unless the environment says otherwise", ("Namespace *", "Profile *")
        ),
        Added("what a tenant may use is the environment's to say", ("ResourceQuota */tenant", "LimitRange */tenant"), release="tenant-*"),
        Added(
            "a tenant's members, as the environment names them",
            ("RoleBinding */user-*", "AuthorizationPolicy */user-*"),
            release="tenant-*",
        ),
        Added(
            "a tenant's pods are reached by its own, by the gateway and by Kubeflow, and by no other tenant's",
            ("NetworkPolicy */allow-*", "NetworkPolicy */deny-all"),
            release="tenant-*",
        ),
        Added(
            "a tenant may use the pools that the environment allows it, which admission says for every pod",
            (
                "MutatingAdmissionPolicy tenant-pools",
                "MutatingAdmissionPolicyBinding tenant-pools",
                "ValidatingAdmissionPolicy tenant-pools",
                "ValidatingAdmissionPolicyBinding tenant-pools",
            ),
        ),
    ),
)
