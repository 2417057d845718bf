"""Databases and the groups under them, as RDS shows them."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.config.versions import MATCHED_SETS
from mlplatform.local.aws.resources.contract import NeedsReplacementError
from mlplatform.local.aws.resources.rds.instance import DBInstance
from tests.local.aws.resources.making import Stack, as_map, in_both_partitions

VERSIONS = MATCHED_SETS[max(MATCHED_SETS)]


def network(stack: Stack) -> str:
    return stack.make("RDS::DBSubnetGroup", "Subnets", DBSubnetGroupDescription="d", SubnetIds=stack.subnets()).physical_id


def parameters(stack: Stack, family: str = "mysql8.4", values: Mapping[str, Any] | None = None) -> str:
    return stack.make("RDS::DBParameterGroup", "Parameters", Family=family, Description="d", Parameters=dict(values or {})).physical_id


def database(stack: Stack, **properties: Any) -> dict[str, Any]:
    given = {
        "DBInstanceIdentifier": stack.name,
        "AllocatedStorage": "20",
        "DBInstanceClass": "db.t4g.medium",
        "Engine": "mysql",
        "EngineVersion": VERSIONS.mysql,
        "MasterUsername": "admin",
        "MasterUserPassword": "not-a-secret",
    }
    stack.make("RDS::DBInstance", "Database", **{**given, **properties})
    return shown(stack)


def shown(stack: Stack) -> dict[str, Any]:
    return stack.client("rds").describe_db_instances(DBInstanceIdentifier=stack.name)["DBInstances"][0]


def aurora(stack: Stack, **properties: Any) -> dict[str, Any]:
    given = {
        "Engine": "aurora-mysql",
        "EngineVersion": VERSIONS.aurora_mysql,
        "MasterUsername": "admin",
        "MasterUserPassword": "not-a-secret",
    }
    stack.make("RDS::DBCluster", "Cluster", **{"DBClusterIdentifier": stack.name, **given, **properties})
    return stack.client("rds").describe_db_clusters(DBClusterIdentifier=stack.name)["DBClusters"][0]


def test_a_database_is_what_its_template_says(stack: Stack) -> None:
    subnets, key, group = network(stack), stack.key().attributes["Arn"], stack.group()
    found = database(
        stack,
        DBSubnetGroupName=subnets,
        DBParameterGroupName=parameters(stack),
        KmsKeyId=key,
        StorageEncrypted="true",
        StorageType="gp3",
        MaxAllocatedStorage=100,
        BackupRetentionPeriod="7",
        CopyTagsToSnapshot=True,
        MultiAZ=True,
        PubliclyAccessible=False,
        AutoMinorVersionUpgrade=False,
        EnableCloudwatchLogsExports=["error"],
        VPCSecurityGroups=[group],
        Tags=[{"Key": "a", "Value": "b"}],
    )
    assert (found["EngineVersion"], found["AllocatedStorage"], found["MaxAllocatedStorage"]) == (VERSIONS.mysql, 20, 100)
    assert (found["KmsKeyId"], found["StorageEncrypted"], found["StorageType"]) == (key, True, "gp3")
    assert (found["BackupRetentionPeriod"], found["MultiAZ"], found["PubliclyAccessible"]) == (7, True, False)
    assert (found["AutoMinorVersionUpgrade"], found["CopyTagsToSnapshot"]) == (False, True)
    assert (found["EnabledCloudwatchLogsExports"], found["DBSubnetGroup"]["DBSubnetGroupName"]) == (["error"], subnets)
    assert found["VpcSecurityGroups"][0]["VpcSecurityGroupId"] == group
    assert as_map(found["TagList"]) == {"team": "ml", "a": "b"}


@in_both_partitions
def test_a_database_is_reached_by_a_host_of_its_partition(stack: Stack) -> None:
    host = database(stack)["Endpoint"]["Address"]
    china = f"rds.{stack.region}.{stack.suffix}"
    assert host.startswith(f"{stack.name}.")
    assert host.endswith(china if stack.partition == "aws-cn" else f"{stack.region}.rds.{stack.suffix}")


def test_a_database_changes_at_once(stack: Stack) -> None:
    subnets, group = network(stack), stack.group()
    other = stack.group("Other")
    database(stack, DBSubnetGroupName=subnets, VPCSecurityGroups=[group], EnableCloudwatchLogsExports=["error"])
    changed = stack.change(
        "Database",
        AllocatedStorage=50,
        BackupRetentionPeriod=14,
        DBInstanceClass="db.m6g.large",
        EnableCloudwatchLogsExports=["slowquery"],
        MultiAZ="true",
        Port="3307",
        VPCSecurityGroups=[other],
    )
    found = shown(stack)
    assert (found["AllocatedStorage"], found["BackupRetentionPeriod"], found["DBInstanceClass"]) == (50, 14, "db.m6g.large")
    assert (found["EnabledCloudwatchLogsExports"], found["MultiAZ"]) == (["slowquery"], True)
    assert found["VpcSecurityGroups"][0]["VpcSecurityGroupId"] == other
    assert changed.attributes["Endpoint.Port"] == "3307"
    with pytest.raises(NeedsReplacementError):
        stack.change("Database", Engine="mariadb")


def test_a_database_holds_its_subnets_and_groups(stack: Stack) -> None:
    subnets, group = network(stack), stack.group()
    database(stack, DBSubnetGroupName=subnets, VPCSecurityGroups=[group])
    (subnet, *_) = stack.client("rds").describe_db_subnet_groups(DBSubnetGroupName=subnets)["DBSubnetGroups"][0]["Subnets"]
    ec2 = stack.client("ec2")
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_subnet(SubnetId=subnet["SubnetIdentifier"])
    with pytest.raises(ClientError, match="dependent object"):
        ec2.delete_security_group(GroupId=group)
    with pytest.raises(ClientError, match="InvalidDBSubnetGroupState"):
        stack.client("rds").delete_db_subnet_group(DBSubnetGroupName=subnets)


def test_a_protected_database_is_not_deleted(stack: Stack) -> None:
    database(stack, DeletionProtection="true")
    with pytest.raises(ClientError, match="Cannot delete protected DB Instance"):
        stack.client("rds").delete_db_instance(DBInstanceIdentifier=stack.name, SkipFinalSnapshot=True)
    stack.change("Database", DeletionProtection=False)


def test_a_snapshot_outlives_its_database(stack: Stack) -> None:
    database(stack)
    made = stack.change("Database")
    DBInstance().snapshot(stack.place("Database"), made, {})
    stack.remove("Database")
    (snapshot,) = stack.client("rds").describe_db_snapshots(DBInstanceIdentifier=stack.name, SnapshotType="manual")["DBSnapshots"]
    stack.client("rds").delete_db_snapshot(DBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"])


def test_a_parameter_group_of_another_version_is_refused(stack: Stack) -> None:
    group = parameters(stack, family="mysql8.0")
    with pytest.raises(
        ClientError, match=r"can't be used for this instance\. Please use a Parameter Group with DBParameterGroupFamily mysql8\.4"
    ):
        database(stack, DBParameterGroupName=group)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"VPCSecurityGroups": ["sg-0"]}, "Invalid security group"),
        ({"KmsKeyId": "arn:aws:kms:us-west-2:123456789012:key/none", "StorageEncrypted": True}, "KMSKeyNotAccessible"),
        ({"DBSubnetGroupName": "none"}, "DBSubnetGroupNotFound"),
        ({"DBParameterGroupName": "none"}, "DBParameterGroupNotFound"),
    ],
)
def test_a_database_needs_what_exists(stack: Stack, properties: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words):
        database(stack, **properties)


def test_a_subnet_group_spans_two_zones(stack: Stack) -> None:
    with pytest.raises(ClientError, match="Add subnets to cover at least 2 AZs"):
        stack.make("RDS::DBSubnetGroup", DBSubnetGroupDescription="d", SubnetIds=stack.subnets(1))


def test_a_subnet_group_changes(stack: Stack) -> None:
    subnets = stack.subnets(3)
    name = stack.make("RDS::DBSubnetGroup", DBSubnetGroupDescription="d", SubnetIds=subnets[:2]).physical_id
    stack.change(SubnetIds=subnets[1:], DBSubnetGroupDescription="e")
    (group,) = stack.client("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    assert [subnet["SubnetIdentifier"] for subnet in group["Subnets"]] == subnets[1:]
    assert group["DBSubnetGroupDescription"] == "e"


def test_parameters_are_set_changed_and_reset(stack: Stack) -> None:
    many = {f"parameter_{number}": number for number in range(25)}
    group = parameters(stack, values={"require_secure_transport": "1", **many})
    rds = stack.client("rds")

    def values() -> dict[str, str]:
        found = rds.describe_db_parameters(DBParameterGroupName=group)["Parameters"]
        return {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in found}

    assert values() == {"require_secure_transport": "1", **{name: str(value) for name, value in many.items()}}
    stack.change("Parameters", Parameters={"require_secure_transport": "0"})
    assert values() == {"require_secure_transport": "0"}


@in_both_partitions
def test_an_aurora_cluster_has_two_hosts_and_its_instances(stack: Stack) -> None:
    subnets, key, group = network(stack), stack.key().attributes["Arn"], stack.group()
    own = stack.make("RDS::DBClusterParameterGroup", "Own", Family="aurora-mysql8.0", Description="d", Parameters={"x": 1}).physical_id
    cluster = aurora(
        stack,
        DBSubnetGroupName=subnets,
        DBClusterParameterGroupName=own,
        VpcSecurityGroupIds=[group],
        KmsKeyId=key,
        StorageEncrypted=True,
        DatabaseName="kubeflow",
        BackupRetentionPeriod="7",
        ServerlessV2ScalingConfiguration={"MinCapacity": "0.5", "MaxCapacity": 4},
    )
    assert (cluster["DBClusterParameterGroup"], cluster["KmsKeyId"], cluster["DatabaseName"]) == (own, key, "kubeflow")
    assert cluster["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 4.0}
    assert (".cluster-" in cluster["Endpoint"], ".cluster-ro-" in cluster["ReaderEndpoint"]) == (True, True)
    assert cluster["Endpoint"].endswith(stack.suffix)
    assert all(zone.startswith(stack.region) for zone in cluster["AvailabilityZones"])
    stack.make("RDS::DBInstance", "Writer", DBClusterIdentifier=stack.name, Engine="aurora-mysql", DBInstanceClass="db.serverless")
    with pytest.raises(ClientError, match="still contains DB instances"):
        stack.client("rds").delete_db_cluster(DBClusterIdentifier=stack.name, SkipFinalSnapshot=True)


def test_an_aurora_cluster_changes_at_once(stack: Stack) -> None:
    aurora(stack, EnableCloudwatchLogsExports=["error"], DeletionProtection=True)
    stack.change("Cluster", EnableCloudwatchLogsExports=["error", "slowquery"], BackupRetentionPeriod=8, DeletionProtection=False)
    (cluster,) = stack.client("rds").describe_db_clusters(DBClusterIdentifier=stack.name)["DBClusters"]
    assert (cluster["EnabledCloudwatchLogsExports"], cluster["BackupRetentionPeriod"]) == (["error", "slowquery"], 8)


@in_both_partitions
def test_a_password_that_rds_manages_is_a_secret(stack: Stack) -> None:
    subnets = network(stack)
    given = {"ManageMasterUserPassword": True, "MasterUsername": "admin", "DBSubnetGroupName": subnets, "AllocatedStorage": 20}
    made = stack.make("RDS::DBInstance", Engine="mysql", EngineVersion=VERSIONS.mysql, DBInstanceClass="db.t4g.medium", **given)
    assert made.attributes["MasterUserSecret.SecretArn"].startswith(f"arn:{stack.partition}:secretsmanager:{stack.region}:")
