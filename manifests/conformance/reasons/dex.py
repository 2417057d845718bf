"""Why our dex is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("dex", part="sign-in", reasons=())
