"""Why our istio-install is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("istio-install", part="entrance", reasons=())
