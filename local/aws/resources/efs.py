"""The CloudFormation types of EFS: file systems, where they are mounted, and doors into them.

Separate because a file system's policies are calls of their own.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.inputs import fit, nested, text_of
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, retag, tags_of, undone_on_failure

_CREATED_WITH = ("AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode", "ProvisionedThroughputInMibps", "ThroughputMode")


class FileSystem:
    """A file system; `Ref` is its id."""

    properties = frozenset({"BackupPolicy", "FileSystemPolicy", "FileSystemTags", "LifecyclePolicies", *_CREATED_WITH})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the file system, then put its policies."""
        efs = place.client("efs")
        given = {key: properties[key] for key in _CREATED_WITH if key in properties}
        arguments = fit(efs, "create_file_system", {**given, "CreationToken": physical_name(place, limit=64)})
        made = efs.create_file_system(**arguments, Tags=pairs(tags_of(place, _tagged(properties))))
        name = made["FileSystemId"]
        with undone_on_failure(lambda: efs.delete_file_system(FileSystemId=name)):
            _put_policies(efs, name, properties, {})
        return Applied(name, {"Arn": made["FileSystemArn"], "FileSystemId": name})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change throughput, policies and tags."""
        efs, name = place.client("efs"), current.physical_id
        if changed(properties, previous, "ThroughputMode", "ProvisionedThroughputInMibps"):
            given = {key: properties[key] for key in ("ThroughputMode", "ProvisionedThroughputInMibps") if key in properties}
            efs.update_file_system(**fit(efs, "update_file_system", {"ThroughputMode": "bursting", **given, "FileSystemId": name}))
        _put_policies(efs, name, properties, previous)
        retag(
            place,
            _tagged(properties),
            _tagged(previous),
            add=lambda tags: efs.tag_resource(ResourceId=name, Tags=pairs(tags)),
            remove=lambda keys: efs.untag_resource(ResourceId=name, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the file system, which must not be mounted."""
        del properties
        with absence_forgiven():
            place.client("efs").delete_file_system(FileSystemId=current.physical_id)


class MountTarget:
    """A file system's interface in a subnet; `Ref` is the mount target's id."""

    properties = frozenset({"FileSystemId", "IpAddress", "SecurityGroups", "SubnetId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the mount target."""
        made = place.client("efs").create_mount_target(**properties)
        return Applied(made["MountTargetId"], {"Id": made["MountTargetId"], "IpAddress": made["IpAddress"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the security groups."""
        if changed(properties, previous, "SecurityGroups"):
            groups = properties["SecurityGroups"]
            place.client("efs").modify_mount_target_security_groups(MountTargetId=current.physical_id, SecurityGroups=groups)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the mount target with its interface."""
        del properties
        with absence_forgiven():
            place.client("efs").delete_mount_target(MountTargetId=current.physical_id)


class AccessPoint:
    """A door into a file system; `Ref` is the access point's id."""

    properties = frozenset({"AccessPointTags", "ClientToken", "FileSystemId", "PosixUser", "RootDirectory"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the access point."""
        efs = place.client("efs")
        given = {key: value for key, value in properties.items() if key != "AccessPointTags"}
        arguments = fit(efs, "create_access_point", {"ClientToken": physical_name(place, limit=64), **given})
        made = efs.create_access_point(**arguments, Tags=pairs(tags_of(place, {"Tags": properties.get("AccessPointTags")})))
        return Applied(made["AccessPointId"], {"AccessPointId": made["AccessPointId"], "Arn": made["AccessPointArn"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the tags."""
        efs, name = place.client("efs"), current.physical_id
        retag(
            place,
            {"Tags": properties.get("AccessPointTags")},
            {"Tags": previous.get("AccessPointTags")},
            add=lambda tags: efs.tag_resource(ResourceId=name, Tags=pairs(tags)),
            remove=lambda keys: efs.untag_resource(ResourceId=name, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the access point."""
        del properties
        with absence_forgiven():
            place.client("efs").delete_access_point(AccessPointId=current.physical_id)


def _tagged(properties: Properties) -> dict[str, Any]:
    return {"Tags": properties.get("FileSystemTags")}


def _put_policies(efs: Any, name: str, properties: Properties, previous: Properties) -> None:
    if changed(properties, previous, "LifecyclePolicies"):
        efs.put_lifecycle_configuration(FileSystemId=name, LifecyclePolicies=properties.get("LifecyclePolicies", []))
    if changed(properties, previous, "BackupPolicy"):
        status = nested(properties, "BackupPolicy", "Status") or "DISABLED"
        efs.put_backup_policy(FileSystemId=name, BackupPolicy={"Status": status})
    if changed(properties, previous, "FileSystemPolicy"):
        if "FileSystemPolicy" in properties:
            efs.put_file_system_policy(FileSystemId=name, Policy=text_of(properties["FileSystemPolicy"], "FileSystemPolicy"))
        else:
            efs.delete_file_system_policy(FileSystemId=name)


RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::EFS::AccessPoint": AccessPoint(),
    "AWS::EFS::FileSystem": FileSystem(),
    "AWS::EFS::MountTarget": MountTarget(),
}
