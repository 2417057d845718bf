"""A KMS key of the platform's own.

Separate so that every key rotates, has a name and outlives its stack where the environment's data must.
"""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from mlplatform.config.features import Feature
from mlplatform.config.names import Names
from mlplatform.constructs.protection import Protection


class PlatformKey(Construct):
    """A symmetric key that rotates yearly; IAM policies in the account decide who uses it.

    CloudWatch Logs may encrypt this account's log groups with it, where its principal's name in KMS policies is known.
    """

    def __init__(self, scope: Construct, id: str, *, purpose: str, names: Names, protection: Protection) -> None:
        super().__init__(scope, id)
        self.key = kms.Key(
            self,
            "Key",
            alias=names.key_alias(purpose),
            description=f"Encrypts the {purpose} of the {names.environment} environment",
            enable_key_rotation=True,
            removal_policy=protection.removal,
        )
        # KMS refuses a policy with a principal that it does not know; in China sources conflict over this one's name.
        self.log_key: kms.Key | None = self.key if names.place.offers(Feature.LOG_GROUP_KEYS) else None
        """The key for log groups, or None where they keep CloudWatch's own encryption."""
        if self.log_key:
            self._serve_logs(names.place.partition.principal(f"logs.{names.place.name}"))

    def _serve_logs(self, principal: str) -> None:
        log_groups = Stack.of(self).format_arn(
            service="logs", resource="log-group", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        log_service = iam.ServicePrincipal.from_static_service_principle_name(principal)
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="CloudWatchLogs",
                principals=[log_service],  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
                actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"],
                resources=["*"],
                conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
            )
        )
