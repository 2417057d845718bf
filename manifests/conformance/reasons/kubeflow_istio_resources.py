"""Why our kubeflow-istio-resources is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("kubeflow-istio-resources", part="entrance", reasons=())
