"""Why our kubeflow-namespace is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("kubeflow-namespace", part="entrance", reasons=())
