"""Why our centraldashboard is not upstream's."""

from mlplatform.manifests.conformance.reason import Component

COMPONENT = Component("centraldashboard", part="dashboard", reasons=())
