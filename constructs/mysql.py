"""What RDS for MySQL and Aurora MySQL have in common here: engine, parameters, logs, credentials.

Separate so that choosing the engine chooses nothing else.
"""

from collections.abc import Mapping

from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

PORT = 3306
LOG_EXPORTS = ("error", "slowquery")
"""Logs that go to CloudWatch."""
SERVERLESS_CLASS = "db.serverless"
SERVERLESS_CAPACITY = (0.5, 16)
"""Aurora capacity units that a serverless instance has at least and at most."""
_USER = "mlplatform"

_SLOW_QUERIES = {"slow_query_log": "1", "long_query_time": "2", "log_output": "FILE"}

# Kubeflow's metadata store knows mysql_native_password only (google/ml-metadata#178), which 8.4 no longer prefers and 8.0 does.
_NATIVE_PASSWORDS: Mapping[str, Mapping[str, str]] = {"8.0": {}, "8.4": {"authentication_policy": "*:mysql_native_password"}}


def instance_engine(version: str) -> rds.IInstanceEngine:
    """Return RDS for MySQL of a full version, as `8.4.9`."""
    # CDK's constants gave 8.4 the parameter family of 8.0: https://github.com/aws/aws-cdk/issues/32933
    return rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.of(version, _major(version)))


def cluster_engine(version: str) -> rds.IClusterEngine:
    """Return Aurora MySQL of a full version, as `8.0.mysql_aurora.3.10.0`."""
    return rds.DatabaseClusterEngine.aurora_mysql(version=rds.AuroraMysqlEngineVersion.of(version, _major(version)))


def instance_parameters(version: str) -> dict[str, str]:
    """Return the parameter group of RDS for MySQL."""
    # Neither the metadata store nor Katib can speak TLS: the database's security group admits the system nodes alone.
    return {**_SLOW_QUERIES, **_native_passwords(version), "require_secure_transport": "0"}


def cluster_parameters(version: str) -> dict[str, str]:
    """Return the cluster parameter group of Aurora MySQL, which requires TLS from 8.4 unless told otherwise."""
    return {**_SLOW_QUERIES, **_native_passwords(version), "require_secure_transport": "OFF"}


class DatabaseSecret(Construct):
    """A generated password that fits a connection string as it is; the database adds its host and port when it is attached."""

    def __init__(self, scope: Construct, id: str, *, name: str, key: kms.Key) -> None:
        super().__init__(scope, id)
        # By ARN: CDK would add to the key's policy what IAM's policies already say, for a host that China does not have.
        key_by_arn = kms.Key.from_key_arn(self, "Key", key.key_arn)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=name,
            description="Host, port, user and password of the platform's database",
            encryption_key=key_by_arn,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=f'{{"username": "{_USER}"}}',
                generate_string_key="password",
                password_length=40,
                exclude_punctuation=True,
            ),
        )


def _native_passwords(version: str) -> Mapping[str, str]:
    # What comes after 8.4 is taken to be no friendlier.
    return _NATIVE_PASSWORDS.get(_major(version), _NATIVE_PASSWORDS["8.4"])


def _major(version: str) -> str:
    return ".".join(version.split(".")[:2])
