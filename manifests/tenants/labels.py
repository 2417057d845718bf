"""What marks a tenant's namespace, for the controllers, webhooks and policies that go by it.

Separate because the profile controller's configuration holds the same labels: it adds those that are missing and leaves the others.
"""

from collections.abc import Mapping

from mlplatform.manifests.compute.labels import TENANT

OWNER = "owner"
"""The annotation without which the profile controller refuses a namespace that is there before its Profile.

https://github.com/kubeflow/dashboard/blob/v2.0.0/components/profile-controller/controllers/profile_controller.go
"""
PROFILE_LABELS: Mapping[str, str] = {
    **TENANT,
    "katib.kubeflow.org/metrics-collector-injection": "enabled",
    "pipelines.kubeflow.org/enabled": "true",
    "serving.kubeflow.org/inferenceservice": "enabled",
    # Sidecars of the mesh ask for no more, as Istio's CNI sets up their network.
    "pod-security.kubernetes.io/enforce": "baseline",
}
"""What the profile controller puts on every namespace of a Profile."""
KEEP: Mapping[str, str] = {"helm.sh/resource-policy": "keep"}
"""What stays when its release goes: https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource"""
POOLS = "tenants.mlplatform.io/pools"
"""The annotation that names the pools that a namespace's pods may run on, by commas; all pools where it is missing."""
