"""The database that Kubeflow Pipelines, its metadata store, its cache and Katib share.

Separate from its engines' particulars, so that what protects it is said once for both.
"""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicies
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from constructs import Construct, IDependable

from mlplatform.config.names import Names
from mlplatform.config.sections import DatabaseSettings
from mlplatform.constructs import mysql
from mlplatform.constructs.key import PlatformKey
from mlplatform.constructs.log_group import PlatformLogGroup
from mlplatform.constructs.protection import Protection

_LOG_DAYS = 30


class Database(Construct):
    """RDS for MySQL or Aurora MySQL, encrypted, in isolated subnets, open to the clients' security group alone."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: DatabaseSettings,
        names: Names,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        clients: ec2.ISecurityGroup,
        key: PlatformKey,
        protection: Protection,
    ) -> None:
        super().__init__(scope, id)
        self._name = names.database
        self._key = key
        self._protection = protection
        self.credentials = mysql.DatabaseSecret(self, "Credentials", name=names.database_secret, key=key.key).secret
        """The secret; attached, so that it holds host and port beside username and password."""
        group = ec2.SecurityGroup(self, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description="Database of the platform")
        # By id: between two groups as objects CDK would write a rule into the clients' stack too.
        group.add_ingress_rule(ec2.Peer.security_group_id(clients.security_group_id), ec2.Port.tcp(mysql.PORT), "Database clients")
        placement: dict[str, Any] = {
            "vpc": vpc,
            "security_groups": [group],
            "subnet_group": rds.SubnetGroup(
                self,
                "Subnets",
                vpc=vpc,
                vpc_subnets=ec2.SubnetSelection(subnets=list(subnets)),
                description="Isolated subnets of the database",
            ),
        }
        if settings.engine == "aurora-mysql":
            self._aurora(settings, placement)
        else:
            self._mysql(settings, placement)
        # All of it, for a database that stays needs its group, its parameters and its password.
        RemovalPolicies.of(self).apply(protection.removal)

    def _mysql(self, settings: DatabaseSettings, placement: dict[str, Any]) -> None:
        engine = mysql.instance_engine(settings.version)
        database = rds.DatabaseInstance(
            self,
            "Instance",
            engine=engine,
            instance_identifier=self._name,
            instance_type=_instance_type(settings.instance_class),
            multi_az=settings.multi_az,
            storage_type=rds.StorageType.GP3,
            allocated_storage=settings.storage_gib,
            max_allocated_storage=settings.maximum_storage_gib,
            backup_retention=Duration.days(settings.backup_days),
            delete_automated_backups=not self._protection.database,
            publicly_accessible=False,
            # The version is pinned: an upgrade is a change that somebody reviews.
            auto_minor_version_upgrade=False,
            parameter_group=rds.ParameterGroup(
                self,
                "Parameters",
                engine=engine,
                description="MySQL as Kubeflow's parts speak it",
                parameters=mysql.instance_parameters(settings.version),
            ),
            **placement,
            **self._common(),
        )
        database.node.add_dependency(*self._log_groups("instance"))

    def _aurora(self, settings: DatabaseSettings, placement: dict[str, Any]) -> None:
        engine = mysql.cluster_engine(settings.version)
        serverless = settings.instance_class == mysql.SERVERLESS_CLASS
        database = rds.DatabaseCluster(
            self,
            "Cluster",
            engine=engine,
            cluster_identifier=self._name,
            writer=self._aurora_instance("writer", settings.instance_class),
            readers=[self._aurora_instance("reader", settings.instance_class)] if settings.multi_az else [],
            serverless_v2_min_capacity=mysql.SERVERLESS_CAPACITY[0] if serverless else None,
            serverless_v2_max_capacity=mysql.SERVERLESS_CAPACITY[1] if serverless else None,
            backup=rds.BackupProps(retention=Duration.days(settings.backup_days)),
            parameter_group=rds.ParameterGroup(
                self,
                "Parameters",
                engine=engine,
                description="Aurora MySQL as Kubeflow's parts speak it",
                parameters=mysql.cluster_parameters(settings.version),
            ),
            **placement,
            **self._common(),
        )
        database.node.add_dependency(*self._log_groups("cluster"))

    def _aurora_instance(self, role: str, instance_class: str) -> rds.IClusterInstance:
        identity: dict[str, Any] = {
            "instance_identifier": f"{self._name}-{role}",
            "publicly_accessible": False,
            "auto_minor_version_upgrade": False,
        }
        if instance_class == mysql.SERVERLESS_CLASS:
            # A reader that did not grow with the writer would be too small when it has to take over.
            return rds.ClusterInstance.serverless_v2(role.title(), scale_with_writer=role == "reader", **identity)
        return rds.ClusterInstance.provisioned(role.title(), instance_type=_instance_type(instance_class), **identity)

    def _common(self) -> dict[str, Any]:
        """Return what both engines' constructs call the same."""
        return {
            "credentials": rds.Credentials.from_secret(self.credentials),  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            "storage_encrypted": True,
            "storage_encryption_key": self._key.key,
            "cloudwatch_logs_exports": list(mysql.LOG_EXPORTS),
            "copy_tags_to_snapshot": True,
            "deletion_protection": self._protection.database,
        }

    def _log_groups(self, kind: str) -> list[IDependable]:
        return [
            PlatformLogGroup(
                self,
                f"{log.title()}Log",
                name=f"/aws/rds/{kind}/{self._name}/{log}",
                days=_LOG_DAYS,
                key=self._key,
                protection=self._protection,
            )
            for log in mysql.LOG_EXPORTS
        ]


def _instance_type(instance_class: str) -> ec2.InstanceType:
    return ec2.InstanceType(instance_class.removeprefix("db."))
