"""Why our istio-namespace is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("istio-namespace", part="entrance", reasons=())
