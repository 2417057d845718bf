"""Who gets into a cluster, and what pods get out of it: access entries and pod identity associations.

Separate from the cluster because both come and go while it runs.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, retag, tags_of, undone_on_failure


class AccessEntry:
    """A principal's way into a cluster, with its access policies; `Ref` is `principal|cluster`."""

    properties = frozenset({"AccessPolicies", "ClusterName", "KubernetesGroups", "PrincipalArn", "Tags", "Type", "Username"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the entry, then associate its policies."""
        eks = place.client("eks")
        given = {key: value for key, value in properties.items() if key not in {"AccessPolicies", "Tags"}}
        made = eks.create_access_entry(**fit(eks, "create_access_entry", given), tags=tags_of(place, properties))["accessEntry"]
        applied = Applied(f"{made['principalArn']}|{made['clusterName']}", {"AccessEntryArn": made["accessEntryArn"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            _give_policies(eks, properties, {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change groups, user name, policies and tags."""
        eks = place.client("eks")
        if changed(properties, previous, "KubernetesGroups", "Username"):
            which = {key: properties[key] for key in ("ClusterName", "PrincipalArn", "Username") if key in properties}
            groups = {"KubernetesGroups": properties.get("KubernetesGroups", [])}
            eks.update_access_entry(**fit(eks, "update_access_entry", {**which, **groups}))
        _give_policies(eks, properties, previous)
        arn = current.attributes["AccessEntryArn"]
        retag(
            place,
            properties,
            previous,
            add=lambda tags: eks.tag_resource(resourceArn=arn, tags=tags),
            remove=lambda keys: eks.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the entry, and its policies with it."""
        del properties
        principal, _, cluster = current.physical_id.partition("|")
        with absence_forgiven():
            place.client("eks").delete_access_entry(clusterName=cluster, principalArn=principal)


class PodIdentityAssociation:
    """A service account's role; `Ref` is the association's ARN."""

    properties = frozenset({"ClusterName", "DisableSessionTags", "Namespace", "RoleArn", "ServiceAccount", "Tags", "TargetRoleArn"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Associate the role."""
        eks = place.client("eks")
        given = {key: value for key, value in properties.items() if key != "Tags"}
        arguments = fit(eks, "create_pod_identity_association", given)
        made = eks.create_pod_identity_association(**arguments, tags=tags_of(place, properties))["association"]
        return Applied(made["associationArn"], {"AssociationArn": made["associationArn"], "AssociationId": made["associationId"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Give another role, and change the tags."""
        eks, arn = place.client("eks"), current.physical_id
        given = {key: properties[key] for key in ("ClusterName", "DisableSessionTags", "RoleArn", "TargetRoleArn") if key in properties}
        if changed(properties, previous, "DisableSessionTags", "RoleArn", "TargetRoleArn"):
            which = {"AssociationId": current.attributes["AssociationId"]}
            eks.update_pod_identity_association(**fit(eks, "update_pod_identity_association", {**given, **which}))
        retag(
            place,
            properties,
            previous,
            add=lambda tags: eks.tag_resource(resourceArn=arn, tags=tags),
            remove=lambda keys: eks.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the role away."""
        with absence_forgiven():
            association = current.attributes["AssociationId"]
            place.client("eks").delete_pod_identity_association(clusterName=properties["ClusterName"], associationId=association)


def _give_policies(eks: Any, properties: Properties, previous: Properties) -> None:
    which = {"ClusterName": (properties or previous)["ClusterName"], "PrincipalArn": (properties or previous)["PrincipalArn"]}
    wanted, before = _policies(properties), _policies(previous)
    for arn, scope in wanted.items():
        if before.get(arn) != scope:
            eks.associate_access_policy(**fit(eks, "associate_access_policy", {**which, "PolicyArn": arn, "AccessScope": scope}))
    for arn in before.keys() - wanted.keys():
        with absence_forgiven():
            eks.disassociate_access_policy(**fit(eks, "disassociate_access_policy", {**which, "PolicyArn": arn}))


def _policies(properties: Properties) -> dict[str, Any]:
    return {policy["PolicyArn"]: policy["AccessScope"] for policy in properties.get("AccessPolicies") or ()}
