"""Why our istio-crds is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("istio-crds", part="entrance", reasons=())
