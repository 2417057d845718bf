"""Buckets and their policies, as S3 shows them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.making import Stack, as_map, in_both_partitions

BLOCKED = {"BlockPublicAcls": True, "BlockPublicPolicy": "true", "IgnorePublicAcls": True, "RestrictPublicBuckets": True}


def encrypted(key: str) -> dict[str, Any]:
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    return {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": "true"}]}


def test_a_bucket_has_the_settings_of_its_template(stack: Stack) -> None:
    key = stack.key().attributes["Arn"]
    made = stack.make(
        "S3::Bucket",
        BucketEncryption=encrypted(key),
        VersioningConfiguration={"Status": "Enabled"},
        PublicAccessBlockConfiguration=BLOCKED,
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        LifecycleConfiguration={"Rules": [{"Id": "old", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": "30"}}]},
        CorsConfiguration={"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": 60, "ExposedHeaders": ["x"]}]},
        Tags=[{"Key": "a", "Value": "b"}],
    )
    s3, name = stack.client("s3"), made.physical_id
    rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert rule["BucketKeyEnabled"] is True
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert set(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert lifecycle == [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    ]
    cors = s3.get_bucket_cors(Bucket=name)["CORSRules"][0]
    assert (cors["MaxAgeSeconds"], cors["ExposeHeaders"]) == (60, ["x"])
    assert as_map(s3.get_bucket_tagging(Bucket=name)["TagSet"]) == {"team": "ml", "a": "b"}


@in_both_partitions
def test_a_bucket_without_a_name_gets_one_in_lower_case_and_its_attributes(stack: Stack) -> None:
    made = stack.make("S3::Bucket", "Artifacts")
    assert made.physical_id.startswith(f"{stack.name}-artifacts-")
    assert made.physical_id == made.physical_id.lower()
    name, region, suffix = made.physical_id, stack.region, stack.suffix
    assert made.attributes == {
        "Arn": f"arn:{stack.partition}:s3:::{name}",
        "DomainName": f"{name}.s3.{suffix}",
        "RegionalDomainName": f"{name}.s3.{region}.{suffix}",
        "DualStackDomainName": f"{name}.s3.dualstack.{region}.{suffix}",
    }


def test_settings_change_and_go(stack: Stack) -> None:
    made = stack.make(
        "S3::Bucket",
        BucketEncryption=encrypted("k"),
        VersioningConfiguration={"Status": "Enabled"},
        PublicAccessBlockConfiguration=BLOCKED,
        LifecycleConfiguration={"Rules": [{"Status": "Enabled", "ExpirationInDays": 1, "Prefix": "tmp/"}]},
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        Tags=[{"Key": "a", "Value": "b"}],
    )
    stack.change(
        BucketEncryption=None,
        VersioningConfiguration=None,
        PublicAccessBlockConfiguration=None,
        LifecycleConfiguration=None,
        OwnershipControls=None,
        Tags=None,
    )
    s3, name = stack.client("s3"), made.physical_id
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    for call in (s3.get_public_access_block, s3.get_bucket_lifecycle_configuration, s3.get_bucket_ownership_controls):
        with pytest.raises(ClientError):
            call(Bucket=name)
    assert as_map(s3.get_bucket_tagging(Bucket=name)["TagSet"]) == {"team": "ml"}


def test_every_form_of_a_lifecycle_rule_is_translated(stack: Stack) -> None:
    made = stack.make(
        "S3::Bucket",
        LifecycleConfiguration={
            "Rules": [
                {
                    "Id": "all",
                    "Status": "Enabled",
                    "Prefix": "logs/",
                    "TagFilters": [{"Key": "a", "Value": "b"}],
                    "ExpirationInDays": 400,
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 90}],
                    "NoncurrentVersionTransitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}],
                }
            ]
        },
    )
    (rule,) = stack.client("s3").get_bucket_lifecycle_configuration(Bucket=made.physical_id)["Rules"]
    assert rule["Filter"] == {"And": {"Prefix": "logs/", "Tags": [{"Key": "a", "Value": "b"}]}}
    assert rule["Expiration"] == {"Days": 400}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["Transitions"] == [{"StorageClass": "GLACIER", "Days": 90}]
    assert rule["NoncurrentVersionTransitions"] == [{"StorageClass": "GLACIER", "NoncurrentDays": 30}]


def test_a_setting_that_is_not_played_fails_with_its_path_and_leaves_no_bucket(stack: Stack) -> None:
    rules = [{"Status": "Enabled", "ExpirationInDays": 1, "Surprise": True}]
    with pytest.raises(ResourceFailedError, match=r"LifecycleConfiguration\.Rules\[0\]\.Surprise: the local AWS does not play this"):
        stack.make("S3::Bucket", BucketName=stack.name, LifecycleConfiguration={"Rules": rules})
    with pytest.raises(ClientError):
        stack.client("s3").head_bucket(Bucket=stack.name)


@in_both_partitions
def test_access_is_logged_to_another_bucket(stack: Stack) -> None:
    logs = stack.make("S3::Bucket", "Logs", AccessControl="LogDeliveryWrite").physical_id
    statement = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": f"arn:{stack.partition}:s3:::{logs}/*"}]}
    stack.make("S3::BucketPolicy", "LogsPolicy", Bucket=logs, PolicyDocument=policy)
    made = stack.make("S3::Bucket", LoggingConfiguration={"DestinationBucketName": logs, "LogFilePrefix": "a/"})
    logging = stack.client("s3").get_bucket_logging(Bucket=made.physical_id)["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == (logs, "a/")


def test_notifications_reach_a_queue(stack: Stack) -> None:
    queue = stack.make("SQS::Queue", "Queue").attributes["Arn"]
    rules = [{"Name": "prefix", "Value": "in/"}]
    target = {"Event": "s3:ObjectCreated:*", "Queue": queue, "Filter": {"S3Key": {"Rules": rules}}}
    made = stack.make("S3::Bucket", NotificationConfiguration={"QueueConfigurations": [target]})
    shown = stack.client("s3").get_bucket_notification_configuration(Bucket=made.physical_id)["QueueConfigurations"][0]
    assert (shown["QueueArn"], shown["Events"]) == (queue, ["s3:ObjectCreated:*"])
    assert [(rule["Name"].lower(), rule["Value"]) for rule in shown["Filter"]["Key"]["FilterRules"]] == [("prefix", "in/")]


def test_a_name_that_is_taken_fails(stack: Stack) -> None:
    stack.make("S3::Bucket", "First", BucketName=stack.name)
    with pytest.raises(ResourceFailedError, match="already exists"):
        stack.make("S3::Bucket", "Second", BucketName=stack.name)


def test_a_bucket_that_holds_something_is_not_deleted(stack: Stack) -> None:
    name = stack.make("S3::Bucket").physical_id
    s3 = stack.client("s3")
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        stack.remove()
    s3.delete_object(Bucket=name, Key="k")
    s3.delete_bucket(Bucket=name)


def test_a_bucket_that_is_gone_is_as_good_as_deleted(stack: Stack) -> None:
    made = stack.make("S3::Bucket")
    stack.remove()
    stack.remove_again("S3::Bucket", made)


@in_both_partitions
def test_a_bucket_policy_is_put_changed_and_removed(stack: Stack) -> None:
    name = stack.make("S3::Bucket", "Bucket").physical_id

    def denying(sid: str) -> dict[str, Any]:
        statement = {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:{stack.partition}:s3:::{name}/*"}
        return {"Version": "2012-10-17", "Statement": [{**statement, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}

    s3 = stack.client("s3")
    stack.make("S3::BucketPolicy", "Policy", Bucket=name, PolicyDocument=denying("one"))
    assert json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]) == denying("one")
    stack.change("Policy", PolicyDocument=denying("two"))
    assert json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]) == denying("two")
    stack.remove("Policy")
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=name)
