"""Tags of all that EKS makes, where moto tags clusters alone.

Separate because tags are found by ARN, across all kinds.
"""

from collections.abc import Iterator
from typing import Any

from moto.eks.exceptions import ResourceNotFoundException

from mlplatform.local.aws.services.eks.addons import Addons


class EKS(Addons):
    """One region's EKS of one account."""

    def tag_resource(self, resource_arn: str, tags: dict[str, str]) -> None:
        """Add tags."""
        self._tags(resource_arn).update(tags)

    def untag_resource(self, resource_arn: str, tag_keys: list[str] | str) -> None:
        """Take tags away."""
        tags = self._tags(resource_arn)
        for key in [tag_keys] if isinstance(tag_keys, str) else tag_keys:
            tags.pop(key, None)

    def list_tags_for_resource(self, resource_arn: str) -> dict[str, str]:
        """Return the tags of whatever has that ARN."""
        return self._tags(resource_arn)

    def _tags(self, arn: str) -> dict[str, str]:
        for known, resource in self._resources():
            if known == arn:
                return resource.tags
        raise ResourceNotFoundException(message=f"Resource was not found: {arn}")

    def _resources(self) -> Iterator[tuple[str, Any]]:
        for cluster in list(self.clusters.values()):
            yield cluster.arn, cluster
            yield from ((group.arn, group) for group in list(cluster.nodegroups.values()))
            yield from ((profile.fargate_profile_arn, profile) for profile in list(cluster.fargate_profiles.values()))
            yield from ((addon.addon_arn, addon) for addon in list(cluster.addons.values()))
            yield from ((access.access_entry_arn, access) for access in list(cluster.access_entries.values()))
            yield from ((association.association_arn, association) for association in list(cluster.associations.values()))
