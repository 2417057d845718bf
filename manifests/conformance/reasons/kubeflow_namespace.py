"""Why our namespaces, and who is let in to their pods, are not upstream's kubeflow-namespace."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, LeftOut
from mlplatform.manifests.conformance.reasons.shared import NAMESPACE_LABELS, no_open_namespace

COMPONENT = Component(
    "kubeflow-namespace",
    part="entrance",
    reasons=(
        Changed(
            "nothing selects namespaces by this label, upstream's own webhooks included",
            ("labels: control-plane=kubeflow",),
            ("Namespace kubeflow",),
        ),
        NAMESPACE_LABELS,
        no_open_namespace("NetworkPolicy kubeflow/default-allow-same-namespace"),
        LeftOut(
            "a policy comes in the release of the component that it is for, and this platform has no Trainer yet",
            ("Namespace kubeflow-system", "NetworkPolicy kubeflow-system/*"),
        ),
        LeftOut(
            "a policy comes in the release of the component that it is for, and this platform has no Pipelines yet",
            (
                "NetworkPolicy kubeflow/cache-server",
                "NetworkPolicy kubeflow/metadata-grpc-server",
                "NetworkPolicy kubeflow/metatada-envoy",
                "NetworkPolicy kubeflow/ml-pipeline",
                "NetworkPolicy kubeflow/ml-pipeline-ui",
            ),
        ),
        LeftOut(
            "a policy comes in the release of the component that it is for, and this platform has no Katib yet",
            ("NetworkPolicy kubeflow/katib-*",),
        ),
        LeftOut(
            "a policy comes in the release of the component that it is for, and this platform has no notebooks, volumes and boards yet",
            (
                "NetworkPolicy kubeflow/jupyter-web-app",
                "NetworkPolicy kubeflow/pvcviewer-webhook",
                "NetworkPolicy kubeflow/tensorboards-web-app",
                "NetworkPolicy kubeflow/volumes-web-app",
            ),
        ),
        LeftOut(
            "models are registered, deployed and served by SageMaker: the platform has neither KServe nor Kubeflow's model registry",
            ("NetworkPolicy kubeflow/kserve*", "NetworkPolicy kubeflow/model-*"),
        ),
        LeftOut("the platform has no Spark operator", ("NetworkPolicy kubeflow/spark-operator-webhook",)),
        LeftOut("upstream itself no longer installs Training Operator v1", ("NetworkPolicy kubeflow/training-operator-webhook",)),
        Added(
            "all namespaces are made by one release before every other, agents on nodes and External Secrets have their own",
            ("Namespace node-agents", "Namespace external-secrets"),
        ),
        Added(
            "upstream's policies of a namespace let in every pod of it; ours close it, and each component names who reaches its pods",
            ("NetworkPolicy */deny-all",),
            release="namespaces",
        ),
    ),
)
