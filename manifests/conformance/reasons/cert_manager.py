"""Why our cert-manager is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("cert-manager", part="entrance", reasons=())
