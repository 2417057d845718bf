"""`AWS::RDS::DBCluster`: an Aurora cluster, whose instances are resources of their own.

Separate because a cluster has two host names and no class.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, NeedsReplacementError, Place, Properties
from mlplatform.local.aws.resources.inputs import fit, nested
from mlplatform.local.aws.resources.lifetime import (
    absence_forgiven,
    changed,
    difference,
    pairs,
    physical_name,
    tags_of,
    undone_on_failure,
    wait_until,
)
from mlplatform.local.aws.resources.rds.groups import tag_database

_SECONDS = 60.0
_CREATED_WITH = (
    "AvailabilityZones",
    "DBSubnetGroupName",
    "DatabaseName",
    "EnableCloudwatchLogsExports",
    "Engine",
    "EngineMode",
    "KmsKeyId",
    "MasterUsername",
    "StorageEncrypted",
)
_CHANGED_TOO = (
    "AutoMinorVersionUpgrade",
    "BackupRetentionPeriod",
    "CopyTagsToSnapshot",
    "DBClusterParameterGroupName",
    "DeletionProtection",
    "EnableHttpEndpoint",
    "EnableIAMDatabaseAuthentication",
    "EngineVersion",
    "ManageMasterUserPassword",
    "MasterUserPassword",
    "Port",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
    "ServerlessV2ScalingConfiguration",
    "StorageType",
    "VpcSecurityGroupIds",
)
_REPLACES = ("AvailabilityZones", "Engine", "MasterUsername")


class DBCluster:
    """A database cluster; `Ref` is its identifier."""

    properties = frozenset({"DBClusterIdentifier", "MasterUserSecret", "Tags", *_CREATED_WITH, *_CHANGED_TOO})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the cluster, which has no instance yet."""
        rds = place.client("rds")
        name = (properties.get("DBClusterIdentifier") or physical_name(place, limit=63)).lower()
        given = {key: properties[key] for key in (*_CREATED_WITH, *_CHANGED_TOO) if key in properties}
        arguments = fit(rds, "create_db_cluster", {**given, "DBClusterIdentifier": name, **_master_key(properties)})
        rds.create_db_cluster(**arguments, Tags=pairs(tags_of(place, properties)))
        with undone_on_failure(lambda: rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)):
            return _available(rds, name)

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the cluster at once, as CloudFormation asks RDS to."""
        if changed(properties, previous, *_REPLACES):
            raise NeedsReplacementError
        rds, name = place.client("rds"), current.physical_id
        changes = {key: properties[key] for key in _CHANGED_TOO if changed(properties, previous, key) and key in properties}
        gained, lost = difference(properties.get("EnableCloudwatchLogsExports"), previous.get("EnableCloudwatchLogsExports"))
        if gained or lost:
            changes["CloudwatchLogsExportConfiguration"] = {"EnableLogTypes": gained, "DisableLogTypes": lost}
        if changes:
            given = {**changes, "DBClusterIdentifier": name, "ApplyImmediately": True}
            rds.modify_db_cluster(**fit(rds, "modify_db_cluster", given))
        tag_database(place, current.attributes["DBClusterArn"], properties, previous)
        return _available(rds, name)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the cluster without a final snapshot; one with instances, or protected against it, refuses."""
        del properties
        with absence_forgiven():
            place.client("rds").delete_db_cluster(DBClusterIdentifier=current.physical_id, SkipFinalSnapshot=True)

    def snapshot(self, place: Place, current: Applied, properties: Properties) -> None:
        """Keep what the database holds."""
        del properties
        name = f"{physical_name(place, limit=200)}-snapshot".lower()
        place.client("rds").create_db_cluster_snapshot(DBClusterIdentifier=current.physical_id, DBClusterSnapshotIdentifier=name)


def _master_key(properties: Properties) -> dict[str, Any]:
    key = nested(properties, "MasterUserSecret", "KmsKeyId")
    return {"MasterUserSecretKmsKeyId": key} if key else {}


def _available(rds: Any, name: str) -> Applied:
    latest: dict[str, Any] = {}

    def look() -> str:
        latest.update(rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0])
        return latest["Status"]

    wait_until(f"cluster {name}", look, "available", ("creating", "modifying"), seconds=_SECONDS, reason=lambda: "RDS gives no reason")
    attributes = {
        "DBClusterArn": latest["DBClusterArn"],
        "DBClusterResourceId": latest["DbClusterResourceId"],
        "Endpoint.Address": latest["Endpoint"],
        "Endpoint.Port": str(latest["Port"]),
        "ReadEndpoint.Address": latest["ReaderEndpoint"],
    }
    secret = nested(latest, "MasterUserSecret", "SecretArn")
    return Applied(latest["DBClusterIdentifier"], {**attributes, **({"MasterUserSecret.SecretArn": secret} if secret else {})})
