"""Why our kubeflow-roles is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("kubeflow-roles", part="profiles", reasons=())
