"""Why our profiles is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("profiles", part="profiles", reasons=())
