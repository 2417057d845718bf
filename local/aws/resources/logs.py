"""`AWS::Logs::LogGroup`: where a cluster, a function or a network writes what it does.

Separate because retention and encryption are calls of their own.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, physical_name, retag, tags_of, undone_on_failure


class LogGroup:
    """A log group; `Ref` is its name."""

    properties = frozenset({"KmsKeyId", "LogGroupName", "RetentionInDays", "Tags"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the group, then say how long it keeps events."""
        logs = place.client("logs")
        name = properties.get("LogGroupName") or physical_name(place, limit=512)
        key = {"kmsKeyId": properties["KmsKeyId"]} if "KmsKeyId" in properties else {}
        logs.create_log_group(logGroupName=name, tags=tags_of(place, properties), **key)
        arn = f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:{name}:*"
        with undone_on_failure(lambda: logs.delete_log_group(logGroupName=name)):
            if "RetentionInDays" in properties:
                logs.put_retention_policy(logGroupName=name, retentionInDays=int(properties["RetentionInDays"]))
        return Applied(name, {"Arn": arn})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change retention, key and tags."""
        logs, name = place.client("logs"), current.physical_id
        if changed(properties, previous, "RetentionInDays"):
            if "RetentionInDays" in properties:
                logs.put_retention_policy(logGroupName=name, retentionInDays=int(properties["RetentionInDays"]))
            else:
                logs.delete_retention_policy(logGroupName=name)
        if changed(properties, previous, "KmsKeyId"):
            if "KmsKeyId" in properties:
                logs.associate_kms_key(logGroupName=name, kmsKeyId=properties["KmsKeyId"])
            else:
                logs.disassociate_kms_key(logGroupName=name)
        arn = current.attributes["Arn"].removesuffix(":*")
        retag(
            place,
            properties,
            previous,
            add=lambda tags: logs.tag_resource(resourceArn=arn, tags=tags),
            remove=lambda keys: logs.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the group with its events."""
        del properties
        with absence_forgiven():
            place.client("logs").delete_log_group(logGroupName=current.physical_id)


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::Logs::LogGroup": LogGroup()}
