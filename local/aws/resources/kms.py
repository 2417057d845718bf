"""The CloudFormation types of KMS: keys and their aliases.

Separate because every encrypted store of a platform names one.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.inputs import text_of, truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, retag, tags_of, undone_on_failure

_ON_CREATION = ("Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin")
_WAIT = 30
"""How many days KMS keeps a key that is to be deleted, unless the template says another number."""


class Key:
    """A key; `Ref` is its id. Deletion schedules it, as on AWS."""

    properties = frozenset(
        {
            "BypassPolicyLockoutSafetyCheck",
            "Description",
            "EnableKeyRotation",
            "Enabled",
            "KeyPolicy",
            "KeySpec",
            "KeyUsage",
            "MultiRegion",
            "Origin",
            "PendingWindowInDays",
            "RotationPeriodInDays",
            "Tags",
        }
    )

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the key with its policy, then set rotation and state."""
        kms = place.client("kms")
        arguments = {name: properties[name] for name in _ON_CREATION if name in properties}
        if "MultiRegion" in arguments:
            arguments["MultiRegion"] = truth(arguments["MultiRegion"], "MultiRegion")
        if "KeyPolicy" in properties:
            arguments["Policy"] = text_of(properties["KeyPolicy"], "KeyPolicy")
        tags = pairs(tags_of(place, properties), "TagKey", "TagValue")
        metadata = kms.create_key(**arguments, Tags=tags)["KeyMetadata"]
        applied = Applied(metadata["KeyId"], {"Arn": metadata["Arn"], "KeyId": metadata["KeyId"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            _set(kms, applied.physical_id, properties, {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change policy, description, rotation, state and tags."""
        kms, key = place.client("kms"), current.physical_id
        if changed(properties, previous, "KeyPolicy") and "KeyPolicy" in properties:
            kms.put_key_policy(KeyId=key, PolicyName="default", Policy=text_of(properties["KeyPolicy"], "KeyPolicy"))
        if changed(properties, previous, "Description"):
            kms.update_key_description(KeyId=key, Description=properties.get("Description", ""))
        _set(kms, key, properties, previous)
        retag(
            place,
            properties,
            previous,
            add=lambda tags: kms.tag_resource(KeyId=key, Tags=pairs(tags, "TagKey", "TagValue")),
            remove=lambda keys: kms.untag_resource(KeyId=key, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Schedule the key's deletion."""
        days = int(properties.get("PendingWindowInDays", _WAIT))
        with absence_forgiven():
            place.client("kms").schedule_key_deletion(KeyId=current.physical_id, PendingWindowInDays=days)


class Alias:
    """A key's readable name; `Ref` is the alias."""

    properties = frozenset({"AliasName", "TargetKeyId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the alias."""
        place.client("kms").create_alias(AliasName=properties["AliasName"], TargetKeyId=properties["TargetKeyId"])
        return Applied(properties["AliasName"])

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Point the alias at another key."""
        del previous
        place.client("kms").update_alias(AliasName=current.physical_id, TargetKeyId=properties["TargetKeyId"])
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the alias."""
        del properties
        with absence_forgiven():
            place.client("kms").delete_alias(AliasName=current.physical_id)


def _set(kms: Any, key: str, properties: Properties, previous: Properties) -> None:
    enabled = truth(properties.get("Enabled", True), "Enabled")
    if enabled and not truth(previous.get("Enabled", True), "Enabled"):
        kms.enable_key(KeyId=key)
    if changed(properties, previous, "EnableKeyRotation", "RotationPeriodInDays"):
        if truth(properties.get("EnableKeyRotation", False), "EnableKeyRotation"):
            days = properties.get("RotationPeriodInDays")
            kms.enable_key_rotation(KeyId=key, **({"RotationPeriodInDays": int(days)} if days else {}))
        else:
            kms.disable_key_rotation(KeyId=key)
    if not enabled:
        kms.disable_key(KeyId=key)


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::KMS::Alias": Alias(), "AWS::KMS::Key": Key()}
