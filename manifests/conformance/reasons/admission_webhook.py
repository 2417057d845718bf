"""Why our admission-webhook is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("admission-webhook", part="pod-defaults", reasons=())
