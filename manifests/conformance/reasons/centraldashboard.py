"""Why our dashboard is not upstream's centraldashboard."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, LeftOut
from mlplatform.manifests.conformance.reasons.shared import INJECTED_BY_NAMESPACE, MESH_V1, PODS_OF_OURS, TWO_REPLICAS

_PODS = ("Deployment kubeflow/dashboard",)

COMPONENT = Component(
    "centraldashboard",
    part="dashboard",
    reasons=(
        *PODS_OF_OURS,
        TWO_REPLICAS,
        INJECTED_BY_NAMESPACE,
        MESH_V1,
        Changed(
            "it would name all namespaces to whoever is signed in, and nodes matter on Google's cloud alone; of events it needs a namespace's list",
            ("rules: namespaces: get list watch", "rules: nodes: get list watch", "rules: events: get list watch", "rules: events: list"),
            ("ClusterRole dashboard",),
        ),
        Changed(
            "its code reads its own links and, since 2.0, neither pods, nor their logs, nor applications",
            ("rules: applications*", "rules: pods*", "rules: configmaps: get", "rules: configmaps?dashboard-config?: get"),
            ("Role kubeflow/dashboard",),
        ),
        Changed(
            "it shows what the environment has and no more; documentation is not linked to where its hosts may not be reachable",
            ("settings: links: *",),
            ("ConfigMap kubeflow/dashboard-config",),
        ),
        Changed(
            "metrics would be at a path of the gateway, for whoever is signed in",
            ("env: dashboard: COLLECT_METRICS=*",),
            _PODS,
        ),
        Changed(
            "the whole name is found at once, and the port is said where service links are off",
            ("env: dashboard: PROFILES_KFAM_SERVICE_*",),
            _PODS,
        ),
        Changed(
            "the image would start npm, which writes beside the program and asks the internet for a newer npm",
            ("flags",),
            _PODS,
        ),
        Changed(
            "the gateway alone reaches it, on its one port, where upstream lets in every pod of both namespaces",
            ("ingress",),
            ("NetworkPolicy kubeflow/dashboard",),
        ),
        Changed("Istio takes the protocol from the port's name", ("ports",), ("Service kubeflow/dashboard",)),
        Changed(
            "the gateway is named with its namespace, and a path that is replaced by itself is not replaced",
            ("gateways", "http"),
            ("VirtualService kubeflow/dashboard",),
        ),
        LeftOut("what it sets is in the Deployment instead, and rolled out with it", ("ConfigMap kubeflow/dashboard-parameters",)),
        Added("a drained node must not take both replicas at once", ("PodDisruptionBudget kubeflow/dashboard",)),
    ),
)
