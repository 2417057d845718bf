"""`AWS::SecretsManager::SecretTargetAttachment`: a database's secret that also says where the database is.

Separate because it reads one service and writes another.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed

_FIELDS = ("engine", "host", "port", "dbname", "dbInstanceIdentifier", "dbClusterIdentifier")


class SecretTargetAttachment:
    """The connection in a secret; `Ref` is the secret's ARN.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
    """

    properties = frozenset({"SecretId", "TargetId", "TargetType"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Write engine, host, port and name of the database into the secret, beside user and password."""
        describe = _TARGETS.get(properties["TargetType"])
        if describe is None:
            raise ResourceFailedError(f"TargetType: {properties['TargetType']} is not played; one of {', '.join(_TARGETS)}")
        connection = describe(place.client("rds"), properties["TargetId"])
        arn = self._write(place, properties["SecretId"], connection)
        return Applied(arn, {"Id": arn})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Write another database's connection."""
        return self.create(place, properties) if changed(properties, previous, "TargetId", "TargetType") else current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the connection out of the secret."""
        del properties
        with absence_forgiven():
            self._write(place, current.physical_id, {})

    def _write(self, place: Place, secret: str, connection: Mapping[str, Any]) -> str:
        secrets = place.client("secretsmanager")
        known = secrets.get_secret_value(SecretId=secret)
        try:
            values = json.loads(known["SecretString"])
        except json.JSONDecodeError:
            raise ResourceFailedError(f"SecretId: the value of {known['Name']} is no JSON, so that no connection can be added") from None
        kept = {key: value for key, value in values.items() if key not in _FIELDS}
        return secrets.update_secret(SecretId=known["ARN"], SecretString=json.dumps({**kept, **connection}))["ARN"]


def _instance(rds: Any, name: str) -> dict[str, Any]:
    database = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    endpoint = database["Endpoint"]
    connection = {"engine": database["Engine"], "host": endpoint["Address"], "port": endpoint["Port"]}
    named = {"dbname": database["DBName"]} if database.get("DBName") else {}
    return {**connection, **named, "dbInstanceIdentifier": database["DBInstanceIdentifier"]}


def _cluster(rds: Any, name: str) -> dict[str, Any]:
    database = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    connection = {"engine": database["Engine"], "host": database["Endpoint"], "port": database["Port"]}
    named = {"dbname": database["DatabaseName"]} if database.get("DatabaseName") else {}
    return {**connection, **named, "dbClusterIdentifier": database["DBClusterIdentifier"]}


_TARGETS: dict[str, Callable[[Any, str], dict[str, Any]]] = {"AWS::RDS::DBCluster": _cluster, "AWS::RDS::DBInstance": _instance}
