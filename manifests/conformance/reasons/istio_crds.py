"""Why we have no istio-crds of our own."""

from mlplatform.manifests.conformance.reason import Component, FromChart

COMPONENT = Component("istio-crds", part="entrance", reasons=(FromChart("istio-base"),))
