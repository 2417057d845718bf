"""`AWS::EKS::Addon`: software that EKS runs in a cluster.

Separate because its creation ends only when it is healthy, which takes nodes.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.eks.waiting import wait_for_addon
from mlplatform.local.aws.resources.inputs import fit, truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, retag, tags_of, undone_on_failure

_MUTABLE = ("AddonVersion", "ConfigurationValues", "PodIdentityAssociations", "ServiceAccountRoleArn")
_EMPTY: dict[str, Any] = {"ConfigurationValues": "", "PodIdentityAssociations": [], "ServiceAccountRoleArn": ""}


class Addon:
    """An add-on; `Ref` is `cluster|addon`."""

    properties = frozenset({"AddonName", "ClusterName", "NamespaceConfig", "PreserveOnDelete", "ResolveConflicts", "Tags", *_MUTABLE})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Install the add-on and wait until it is healthy."""
        eks = place.client("eks")
        given = {key: value for key, value in properties.items() if key not in {"PreserveOnDelete", "Tags"}}
        made = eks.create_addon(**fit(eks, "create_addon", given), tags=tags_of(place, properties))["addon"]
        applied = Applied(f"{made['clusterName']}|{made['addonName']}", {"Arn": made["addonArn"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            wait_for_addon(eks, made["clusterName"], made["addonName"])
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change version, role, configuration and associations, then tags."""
        eks = place.client("eks")
        changes = {key: properties.get(key, _EMPTY.get(key)) for key in _MUTABLE if changed(properties, previous, key)}
        changes = {key: value for key, value in changes.items() if value is not None}
        if changes:
            which = {key: properties[key] for key in ("AddonName", "ClusterName", "ResolveConflicts") if key in properties}
            eks.update_addon(**fit(eks, "update_addon", {**which, **changes}))
            wait_for_addon(eks, properties["ClusterName"], properties["AddonName"])
        arn = current.attributes["Arn"]
        retag(
            place,
            properties,
            previous,
            add=lambda tags: eks.tag_resource(resourceArn=arn, tags=tags),
            remove=lambda keys: eks.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the add-on."""
        cluster, _, name = current.physical_id.partition("|")
        preserve = truth(properties.get("PreserveOnDelete", False), "PreserveOnDelete")
        with absence_forgiven():
            place.client("eks").delete_addon(clusterName=cluster, addonName=name, preserve=preserve)
