"""Why our cert-manager-issuer is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("cert-manager-issuer", part="entrance", reasons=())
