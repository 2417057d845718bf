"""Why the Gateway that components are found behind, and who sees its routes, is not upstream's kubeflow-istio-resources."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, LeftOut
from mlplatform.manifests.conformance.reasons.shared import MESH_V1

COMPONENT = Component(
    "kubeflow-istio-resources",
    part="entrance",
    reasons=(
        MESH_V1,
        Changed("no Istio serves the group istio.io", ("rules: *.istio.io: *",), ("ClusterRole kubeflow-istio-*",)),
        Changed(
            "an environment with a host has TLS up to the gateway's pods; upstream has HTTP alone",
            ("servers",),
            ("Gateway kubeflow/kubeflow-gateway",),
        ),
        LeftOut(
            "the roles are for people in tenants' namespaces, and the environment has none",
            ("ClusterRole kubeflow-istio-*",),
            without="profiles",
        ),
        Added("the gateway's certificate, where the environment has a host", ("Certificate istio-system/kubeflow-gateway",)),
    ),
)
