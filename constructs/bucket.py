"""A bucket of the platform.

Separate so that none is without encryption, versions, TLS, a record of who used it, or an end to what is kept.
"""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Aws, Duration, RemovalPolicies, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from mlplatform.config.sections import StorageSettings
from mlplatform.constructs.protection import Protection

_UNFINISHED_DAYS = 7


class AccessLogs(Construct):
    """The bucket that S3 records requests to the others in; it keeps no record of itself."""

    def __init__(self, scope: Construct, id: str, *, name: str, sources: Sequence[str], days: int, protection: Protection) -> None:
        """Make the bucket.

        Args:
            scope: The stack.
            id: The construct's id.
            name: The bucket's name.
            sources: Names of the buckets whose requests are recorded.
            days: Days that a record is kept.
            protection: What becomes of it.
        """
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=name,
            # S3's log delivery writes with S3's own keys only: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
            encryption=s3.BucketEncryption.S3_MANAGED,
            versioned=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="expire",
                    expiration=Duration.days(days),
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(_UNFINISHED_DAYS),
                )
            ],
        )
        self._admit(sources)
        RemovalPolicies.of(self).apply(protection.removal)

    def _admit(self, sources: Sequence[str]) -> None:
        # By name: CDK names sources by reference, and they could not wait for the policy without which S3 refuses to record.
        arns = [Stack.of(self).format_arn(service="s3", region="", account="", resource=source) for source in sources]
        delivery = iam.ServicePrincipal("logging.s3.amazonaws.com")
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="S3LogDelivery",
                principals=[delivery],  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects("*")],
                conditions={"ArnEquals": {"aws:SourceArn": arns}, "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )


class PlatformBucket(Construct):
    """A bucket encrypted with a key of ours, whose overwritten and deleted objects can be brought back for a while."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        key: kms.Key,
        access_logs: AccessLogs,
        protection: Protection,
        lifecycle_rules: Sequence[s3.LifecycleRule],
    ) -> None:
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=name,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            bucket_key_enabled=True,
            versioned=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=list(lifecycle_rules),
        )
        self.bucket.node.add_dependency(access_logs)
        cast("s3.CfnBucket", self.bucket.node.default_child).logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
            destination_bucket_name=access_logs.bucket.bucket_name, log_file_prefix=f"{name}/"
        )
        # With its policy, without which a bucket that stays would answer without TLS.
        RemovalPolicies.of(self).apply(protection.removal)


def old_versions(settings: StorageSettings) -> s3.LifecycleRule:
    """Return the rule that ends what was overwritten, deleted or never finished."""
    return s3.LifecycleRule(
        id="old-versions",
        noncurrent_version_expiration=Duration.days(settings.noncurrent_days),
        abort_incomplete_multipart_upload_after=Duration.days(_UNFINISHED_DAYS),
        expired_object_delete_marker=True,
    )


def artifacts(settings: StorageSettings) -> list[s3.LifecycleRule]:
    """Return the rules that move artifacts to cheaper storage and end them, as far as the settings say so."""
    rules: list[s3.LifecycleRule] = []
    if settings.infrequent_access_days:
        rules.append(
            s3.LifecycleRule(
                id="infrequent-access",
                transitions=[
                    s3.Transition(
                        storage_class=s3.StorageClass.INFREQUENT_ACCESS, transition_after=Duration.days(settings.infrequent_access_days)
                    )
                ],
            )
        )
    if settings.expire_artifacts_days:
        rules.append(s3.LifecycleRule(id="expire", expiration=Duration.days(settings.expire_artifacts_days)))
    return rules
