"""Why our oauth2-proxy is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("oauth2-proxy", part="sign-in", reasons=())
