"""What a tenant's objects say to the policies about pools, and to Helm when their release goes.

Separate because several parts of a tenant say it; what the profile controller goes by is `mlplatform.manifests.kubeflow.profile_namespace`.
"""

from collections.abc import Mapping

KEEP: Mapping[str, str] = {"helm.sh/resource-policy": "keep"}
"""What stays when its release goes: https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource"""
POOLS = "tenants.mlplatform.io/pools"
"""The annotation that names the pools that a namespace's pods may run on, by commas; all pools where it is missing."""
