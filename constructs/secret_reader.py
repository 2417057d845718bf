"""The role that External Secrets reads one namespace's secrets with.

Separate because each namespace that takes secrets has one, and none reads another's.
"""

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from mlplatform.config.names import Names
from mlplatform.constructs.pod_role import PodRole, ServiceAccounts, TokenIssuer
from mlplatform.manifests.entrance.secret_store import READER, reader_purpose

_SUFFIX = "-??????"
"""What Secrets Manager adds to a secret's name in its ARN."""


class SecretReader(Construct):
    """Reads the named secrets, whoever made them, and nothing else of Secrets Manager."""

    def __init__(self, scope: Construct, id: str, *, names: Names, issuer: TokenIssuer, namespace: str, secrets: Sequence[str]) -> None:
        """Make the role.

        Args:
            scope: The stack that the namespace's releases are installed by.
            id: The construct's id.
            names: The environment's.
            issuer: Who signs the cluster's tokens.
            namespace: The namespace that has a `secret_store`.
            secrets: Names of secrets in the environment's account and region, each whole: `Names.secret` makes the platform's own.

        Raises:
            ValueError: No secret is named, or one with a wildcard.
        """
        super().__init__(scope, id)
        wildcards = [secret for secret in secrets if "*" in secret or "?" in secret]
        if wildcards or not secrets:
            msg = f"{self.node.path}: a namespace's role reads named secrets, got {wildcards or 'none'}; name each of them"
            raise ValueError(msg)
        self.role = PodRole(
            self,
            "Role",
            role_name=names.role(reader_purpose(namespace)),
            issuer=issuer,
            service_accounts=ServiceAccounts(namespace, (READER,)),
            statements=_read(names, sorted(set(secrets))),
        )


def _read(names: Names, secrets: Sequence[str]) -> list[iam.PolicyStatement]:
    region = names.place.name
    arns = [f"arn:{Aws.PARTITION}:secretsmanager:{region}:{Aws.ACCOUNT_ID}:secret:{secret}{_SUFFIX}" for secret in secrets]
    # A person's own secret is encrypted with a key that only its maker knows: the key may be any, what it opens may not.
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context
    opens = {
        "StringEquals": {"kms:ViaService": f"secretsmanager.{region}.{Aws.URL_SUFFIX}"},
        "StringLike": {"kms:EncryptionContext:SecretARN": arns},
    }
    return [
        iam.PolicyStatement(sid="ReadSecrets", actions=["secretsmanager:GetSecretValue"], resources=arns),
        iam.PolicyStatement(
            sid="DecryptThem",
            actions=["kms:Decrypt"],
            resources=[f"arn:{Aws.PARTITION}:kms:{region}:{Aws.ACCOUNT_ID}:key/*"],
            conditions=opens,
        ),
    ]
