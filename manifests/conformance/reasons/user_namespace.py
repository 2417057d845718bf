"""Why our user-namespace is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("user-namespace", part="profiles", reasons=())
