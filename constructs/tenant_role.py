"""The IAM role of a tenant's pods.

Separate from other pods' roles because its rights end at a prefix that the tenant's name is in, and later services add theirs here.
"""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from mlplatform.config.names import Names, artifacts_prefix
from mlplatform.constructs.pod_role import PodRole, ServiceAccounts, TokenIssuer
from mlplatform.manifests.tenants.namespace import EDITOR


class TenantRole(Construct):
    """What `default-editor` of one namespace may do in AWS: read and write its own artifacts, and no other tenant's.

    The profile controller writes the role's ARN on that service account; the role trusts it from the start.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        tenant: str,
        issuer: TokenIssuer,
        key_arn: str,
        statements: Sequence[iam.PolicyStatement] = (),
    ) -> None:
        """Make the role.

        Args:
            scope: The stack, or what gathers roles.
            id: The construct's id.
            names: The environment's.
            tenant: The tenant's name, which is its namespace's.
            issuer: Who signs the cluster's tokens.
            key_arn: The key that the artifacts' bucket is encrypted with.
            statements: What it may do beside that; each must end at the tenant too.
        """
        super().__init__(scope, id)
        own = [*_artifacts(self, names, tenant), _key(self, names, key_arn)]
        self.role = PodRole(
            self,
            "Role",
            role_name=names.tenant_role(tenant),
            issuer=issuer,
            service_accounts=ServiceAccounts(tenant, (EDITOR,)),
            statements=[*own, *statements],
        )


def _artifacts(scope: Construct, names: Names, tenant: str) -> list[iam.PolicyStatement]:
    prefix = artifacts_prefix(tenant)
    return [
        iam.PolicyStatement(
            sid="OwnArtifacts",
            # Without the last, parts of an upload that failed are paid for until the bucket's rules end them.
            actions=["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
            resources=[_bucket(scope, names, f"{prefix}*")],
        ),
        iam.PolicyStatement(
            sid="ListOwnArtifacts",
            actions=["s3:ListBucket"],
            resources=[_bucket(scope, names)],
            # With the slash: `private-artifacts/vision` begins what a tenant `vision-two` has, too.
            conditions={"StringLike": {"s3:prefix": f"{prefix}*"}},
        ),
    ]


def _key(scope: Construct, names: Names, key_arn: str) -> iam.PolicyStatement:
    """Return the right to the key that the bucket's objects are encrypted with, for S3 and this bucket alone."""
    through = f"s3.{names.place.name}.{names.place.partition.url_suffix}"
    return iam.PolicyStatement(
        sid="ArtifactsKey",
        # Both for writing: the parts of a large upload are read again to become one object.
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[key_arn],
        conditions={
            "StringEquals": {
                "kms:ViaService": through,
                # The bucket has a key of its own, so the bucket's ARN stands here and not the object's:
                # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
                "kms:EncryptionContext:aws:s3:arn": _bucket(scope, names),
            }
        },
    )


def _bucket(scope: Construct, names: Names, key: str | None = None) -> str:
    return Stack.of(scope).format_arn(service="s3", region="", account="", resource=names.artifacts_bucket, resource_name=key)
