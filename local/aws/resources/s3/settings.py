"""A bucket's settings, from CloudFormation's structures to S3's, which differ in more than case.

Separate because each is a translation of a few lines that an API page forces, with no order among them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from mlplatform.local.aws.resources.contract import ResourceFailedError
from mlplatform.local.aws.resources.inputs import fit, nested, truth
from mlplatform.local.aws.resources.s3.lifecycle import lifecycle_rules

Setting = Callable[[Any, str, Any], None]
"""Applies one property to a bucket: the client, the bucket's name, the property's value or None to take it away."""

_RENAMED = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault", "DestinationBucketName": "TargetBucket"}
_CORS = {"MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
_TARGETS = {
    "QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn"),
    "LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    "TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn"),
}


def canned_acl(access_control: str) -> str:
    """Return the API's name of a canned ACL: `LogDeliveryWrite` is `log-delivery-write`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", access_control).lower()


def _encryption(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        s3.delete_bucket_encryption(Bucket=bucket)
        return
    configuration = {"ServerSideEncryptionConfiguration": {"Rules": value["ServerSideEncryptionConfiguration"]}}
    s3.put_bucket_encryption(Bucket=bucket, **fit(s3, "put_bucket_encryption", configuration, renamed=_RENAMED))


def _versioning(s3: Any, bucket: str, value: Any) -> None:
    # A bucket that was versioned once can only be suspended.
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": (value or {"Status": "Suspended"})["Status"]})


def _lifecycle(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        s3.delete_bucket_lifecycle(Bucket=bucket)
        return
    rules = {"LifecycleConfiguration": {"Rules": lifecycle_rules(value["Rules"])}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, **fit(s3, "put_bucket_lifecycle_configuration", rules))


def _logging(s3: Any, bucket: str, value: Any) -> None:
    status: dict[str, Any] = {}
    if value is not None:
        enabled = {"TargetBucket": bucket, "TargetPrefix": "", **{_log_key(key): item for key, item in value.items()}}
        status = {"LoggingEnabled": enabled}
    s3.put_bucket_logging(Bucket=bucket, **fit(s3, "put_bucket_logging", {"BucketLoggingStatus": status}))


def _log_key(key: str) -> str:
    return {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}.get(key, key)


def _public_access(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        s3.delete_public_access_block(Bucket=bucket)
        return
    block = {key: truth(item, f"PublicAccessBlockConfiguration.{key}") for key, item in value.items()}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)


def _ownership(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        s3.delete_bucket_ownership_controls(Bucket=bucket)
        return
    s3.put_bucket_ownership_controls(Bucket=bucket, **fit(s3, "put_bucket_ownership_controls", {"OwnershipControls": value}))


def _cors(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        s3.delete_bucket_cors(Bucket=bucket)
        return
    s3.put_bucket_cors(Bucket=bucket, **fit(s3, "put_bucket_cors", {"CORSConfiguration": value}, renamed=_CORS))


def _object_lock(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        raise ResourceFailedError("ObjectLockConfiguration: cannot be taken from a bucket that has it")
    s3.put_object_lock_configuration(Bucket=bucket, **fit(s3, "put_object_lock_configuration", {"ObjectLockConfiguration": value}))


def _notifications(s3: Any, bucket: str, value: Mapping[str, Any] | None) -> None:
    configuration: dict[str, Any] = {}
    for key, entries in (value or {}).items():
        if key == "EventBridgeConfiguration":
            if truth(entries.get("EventBridgeEnabled", True), f"{key}.EventBridgeEnabled"):
                configuration[key] = {}
        elif key in _TARGETS:
            name, target, arn = _TARGETS[key]
            configuration[name] = [_notification(entry, target, arn) for entry in entries]
        else:
            raise ResourceFailedError(f"NotificationConfiguration.{key}: unknown; one of {', '.join(_TARGETS)}, EventBridgeConfiguration")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)


def _notification(entry: Mapping[str, Any], target: str, arn: str) -> dict[str, Any]:
    notification: dict[str, Any] = {arn: entry[target], "Events": [entry["Event"]]}
    rules = nested(entry, "Filter", "S3Key", "Rules")
    if rules:
        notification["Filter"] = {"Key": {"FilterRules": [{"Name": rule["Name"], "Value": rule["Value"]} for rule in rules]}}
    return notification


SETTINGS: dict[str, Setting] = {
    "VersioningConfiguration": _versioning,
    "BucketEncryption": _encryption,
    "CorsConfiguration": _cors,
    "LifecycleConfiguration": _lifecycle,
    "LoggingConfiguration": _logging,
    "NotificationConfiguration": _notifications,
    "ObjectLockConfiguration": _object_lock,
    "OwnershipControls": _ownership,
    "PublicAccessBlockConfiguration": _public_access,
}
"""What applies each property, versioning first because an object lock needs it."""
