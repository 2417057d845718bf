"""`AWS::RDS::DBInstance`: a database server, alone or in a cluster.

Separate because it is created and changed under different names of the same things.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, NeedsReplacementError, Place, Properties
from mlplatform.local.aws.resources.inputs import fit, nested, truth
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
_WORKING = ("creating", "modifying", "backing-up", "configuring-enhanced-monitoring")
_CREATED_WITH = (
    "AvailabilityZone",
    "DBClusterIdentifier",
    "DBName",
    "DBSubnetGroupName",
    "EnableCloudwatchLogsExports",
    "Engine",
    "KmsKeyId",
    "MasterUsername",
    "StorageEncrypted",
)
_CHANGED_TOO = (
    "AllocatedStorage",
    "AutoMinorVersionUpgrade",
    "BackupRetentionPeriod",
    "CACertificateIdentifier",
    "CopyTagsToSnapshot",
    "DBInstanceClass",
    "DBParameterGroupName",
    "DeletionProtection",
    "EnableIAMDatabaseAuthentication",
    "EngineVersion",
    "Iops",
    "LicenseModel",
    "ManageMasterUserPassword",
    "MasterUserPassword",
    "MaxAllocatedStorage",
    "MonitoringInterval",
    "MonitoringRoleArn",
    "MultiAZ",
    "Port",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
    "PromotionTier",
    "PubliclyAccessible",
    "StorageThroughput",
    "StorageType",
    "VPCSecurityGroups",
)
_RENAMED = {"VPCSecurityGroups": "VpcSecurityGroupIds"}
_RENAMED_IN_CHANGES = {**_RENAMED, "Port": "DBPortNumber"}
_REPLACES = ("AvailabilityZone", "Engine")


class DBInstance:
    """A database instance; `Ref` is its identifier."""

    properties = frozenset(
        {
            "AllowMajorVersionUpgrade",
            "DBInstanceIdentifier",
            "DeleteAutomatedBackups",
            "MasterUserSecret",
            "Tags",
            *_CREATED_WITH,
            *_CHANGED_TOO,
        }
    )

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the instance and wait until it is available."""
        rds = place.client("rds")
        name = (properties.get("DBInstanceIdentifier") or physical_name(place, limit=63)).lower()
        given = {key: properties[key] for key in (*_CREATED_WITH, *_CHANGED_TOO) if key in properties}
        given |= {"DBInstanceIdentifier": name, **_master_key(properties)}
        arguments = fit(rds, "create_db_instance", given, renamed=_RENAMED)
        rds.create_db_instance(**arguments, Tags=pairs(tags_of(place, properties)))
        with undone_on_failure(lambda: _remove(rds, name, properties)):
            return _available(rds, name)

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the instance at once, as CloudFormation asks RDS to."""
        if changed(properties, previous, *_REPLACES):
            raise NeedsReplacementError
        rds, name = place.client("rds"), current.physical_id
        changes = {key: properties[key] for key in _CHANGED_TOO if changed(properties, previous, key) and key in properties}
        changes |= _master_key(properties) if changed(properties, previous, "MasterUserSecret") else {}
        exports = _log_exports(properties, previous)
        if changes or exports:
            given = {**changes, **exports, "DBInstanceIdentifier": name, "ApplyImmediately": True}
            if "AllowMajorVersionUpgrade" in properties:
                given["AllowMajorVersionUpgrade"] = properties["AllowMajorVersionUpgrade"]
            rds.modify_db_instance(**fit(rds, "modify_db_instance", given, renamed=_RENAMED_IN_CHANGES))
        tag_database(place, current.attributes["DBInstanceArn"], properties, previous)
        return _available(rds, name)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the instance without a final snapshot; one that is protected against it refuses."""
        with absence_forgiven():
            _remove(place.client("rds"), current.physical_id, properties)

    def snapshot(self, place: Place, current: Applied, properties: Properties) -> None:
        """Keep what the database holds."""
        del properties
        name = physical_name(place, limit=255)
        rds = place.client("rds")
        rds.create_db_snapshot(DBInstanceIdentifier=current.physical_id, DBSnapshotIdentifier=f"{name}-snapshot".lower())


def _master_key(properties: Properties) -> dict[str, Any]:
    key = nested(properties, "MasterUserSecret", "KmsKeyId")
    return {"MasterUserSecretKmsKeyId": key} if key else {}


def _log_exports(properties: Properties, previous: Properties) -> dict[str, Any]:
    gained, lost = difference(properties.get("EnableCloudwatchLogsExports"), previous.get("EnableCloudwatchLogsExports"))
    exports = {**({"EnableLogTypes": gained} if gained else {}), **({"DisableLogTypes": lost} if lost else {})}
    return {"CloudwatchLogsExportConfiguration": exports} if exports else {}


def _remove(rds: Any, name: str, properties: Properties) -> None:
    backups = truth(properties.get("DeleteAutomatedBackups", True), "DeleteAutomatedBackups")
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=backups)


def _available(rds: Any, name: str) -> Applied:
    latest: dict[str, Any] = {}

    def look() -> str:
        latest.update(rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])
        return latest["DBInstanceStatus"]

    wait_until(f"database {name}", look, "available", _WORKING, seconds=_SECONDS, reason=lambda: "RDS gives no reason")
    attributes = {
        "DBInstanceArn": latest["DBInstanceArn"],
        "DbiResourceId": latest["DbiResourceId"],
        "Endpoint.Address": latest["Endpoint"]["Address"],
        "Endpoint.HostedZoneId": latest["Endpoint"].get("HostedZoneId", ""),
        "Endpoint.Port": str(latest["Endpoint"]["Port"]),
    }
    secret = nested(latest, "MasterUserSecret", "SecretArn")
    return Applied(latest["DBInstanceIdentifier"], {**attributes, **({"MasterUserSecret.SecretArn": secret} if secret else {})})
