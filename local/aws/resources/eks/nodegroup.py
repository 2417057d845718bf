"""`AWS::EKS::Nodegroup`: nodes that EKS manages.

Separate because labels and taints change by difference, and versions in another call than sizes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.eks.waiting import wait_for_nodegroup
from mlplatform.local.aws.resources.inputs import fit, truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, difference, physical_name, retag, tags_of, undone_on_failure

_CREATED_WITH = (
    "AmiType",
    "CapacityType",
    "ClusterName",
    "DiskSize",
    "InstanceTypes",
    "Labels",
    "LaunchTemplate",
    "NodeRepairConfig",
    "NodeRole",
    "ReleaseVersion",
    "ScalingConfig",
    "Subnets",
    "Taints",
    "UpdateConfig",
    "Version",
)


class Nodegroup:
    """A managed node group; `Ref` is `cluster/group`."""

    properties = frozenset({"ForceUpdateEnabled", "NodegroupName", "Tags", *_CREATED_WITH})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the group and wait until its nodes are there."""
        eks = place.client("eks")
        name = properties.get("NodegroupName") or physical_name(place, limit=63)
        given = {key: properties[key] for key in _CREATED_WITH if key in properties}
        made = eks.create_nodegroup(**fit(eks, "create_nodegroup", {**given, "NodegroupName": name}), tags=tags_of(place, properties))
        cluster = properties["ClusterName"]
        attributes = {"Arn": made["nodegroup"]["nodegroupArn"], "ClusterName": cluster, "Id": f"{cluster}/{name}", "NodegroupName": name}
        applied = Applied(f"{cluster}/{name}", attributes)
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            wait_for_nodegroup(eks, cluster, name)
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change size, labels, taints and behaviour, then version, release and template, then tags."""
        eks = place.client("eks")
        which = {"ClusterName": current.attributes["ClusterName"], "NodegroupName": current.attributes["NodegroupName"]}
        configuration = _configuration(properties, previous)
        if configuration:
            eks.update_nodegroup_config(**fit(eks, "update_nodegroup_config", {**which, **configuration}))
            wait_for_nodegroup(eks, *which.values())
        version = {
            key: properties[key]
            for key in ("LaunchTemplate", "ReleaseVersion", "Version")
            if changed(properties, previous, key) and key in properties
        }
        if version:
            force = truth(properties.get("ForceUpdateEnabled", False), "ForceUpdateEnabled")
            eks.update_nodegroup_version(**fit(eks, "update_nodegroup_version", {**which, **version, "Force": force}))
            wait_for_nodegroup(eks, *which.values())
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
        """Remove the group with its nodes."""
        del properties
        cluster, _, name = current.physical_id.partition("/")
        with absence_forgiven():
            place.client("eks").delete_nodegroup(clusterName=cluster, nodegroupName=name)


def _configuration(properties: Properties, previous: Properties) -> dict[str, Any]:
    made: dict[str, Any] = {
        key: properties[key]
        for key in ("NodeRepairConfig", "ScalingConfig", "UpdateConfig")
        if changed(properties, previous, key) and key in properties
    }
    if changed(properties, previous, "Labels"):
        made["Labels"] = _labels(properties.get("Labels") or {}, previous.get("Labels") or {})
    if changed(properties, previous, "Taints"):
        made["Taints"] = _taints(properties.get("Taints") or (), previous.get("Taints") or ())
    return made


def _labels(after: Mapping[str, str], before: Mapping[str, str]) -> dict[str, Any]:
    gone = sorted(before.keys() - after.keys())
    return {**({"AddOrUpdateLabels": dict(after)} if after else {}), **({"RemoveLabels": gone} if gone else {})}


def _taints(after: Sequence[Mapping[str, str]], before: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    gained, lost = difference(after, before)
    places = [(taint["Key"], taint["Effect"]) for taint in gained]
    # A taint whose value alone changed is updated; removed as well, it would be gone.
    lost = [taint for taint in lost if (taint["Key"], taint["Effect"]) not in places]
    return {**({"AddOrUpdateTaints": gained} if gained else {}), **({"RemoveTaints": lost} if lost else {})}
