"""What an environment consists of in its account, asked from the services themselves.

Separate so that the demo, and whoever checks an environment, list the same things by the same calls.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from mlplatform.config.settings import Settings

Row = Mapping[str, Any]


def inventory(settings: Settings, client: Callable[[str], Any]) -> list[Row]:
    """Return a row (`what`, `name`, `detail`) for each thing that a person would look for.

    Args:
        settings: the environment.
        client: gives a boto3 client of a service in the environment's account and region.
    """
    return [
        *_cluster(settings, client("eks")),
        *_database(settings, client("rds")),
        *_secrets(settings, client("secretsmanager")),
        *_buckets(settings, client("s3")),
        *_roles(settings, client("iam")),
    ]


def _cluster(settings: Settings, eks: Any) -> Iterator[Row]:
    name = settings.names.cluster
    cluster = eks.describe_cluster(name=name)["cluster"]
    yield {"what": "cluster", "name": name, "detail": f"Kubernetes {cluster['version']}, {cluster['endpoint']}"}
    for group in eks.list_nodegroups(clusterName=name)["nodegroups"]:
        nodes = eks.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
        detail = f"{nodes['scalingConfig']['desiredSize']} x {', '.join(nodes['instanceTypes'])}"
        yield {"what": "system nodes", "name": group, "detail": detail}
    addons = [eks.describe_addon(clusterName=name, addonName=addon)["addon"] for addon in eks.list_addons(clusterName=name)["addons"]]
    for addon in addons:
        yield {"what": "add-on", "name": addon["addonName"], "detail": addon["addonVersion"]}


def _database(settings: Settings, rds: Any) -> Iterator[Row]:
    name = settings.names.database
    for instance in rds.describe_db_instances()["DBInstances"]:
        if name in (instance["DBInstanceIdentifier"], instance.get("DBClusterIdentifier")):
            detail = f"{instance['Engine']} {instance['EngineVersion']}, {instance['DBInstanceClass']}, {instance['Endpoint']['Address']}"
            yield {"what": "database", "name": instance["DBInstanceIdentifier"], "detail": detail}


def _secrets(settings: Settings, secretsmanager: Any) -> Iterator[Row]:
    ours = [{"Key": "name", "Values": [settings.names.secret("")]}]
    listed = secretsmanager.get_paginator("list_secrets").paginate(Filters=ours).build_full_result()["SecretList"]
    for secret in sorted(listed, key=itemgetter("Name")):
        yield {"what": "secret", "name": secret["Name"], "detail": secret.get("Description", "")}


def _buckets(settings: Settings, s3: Any) -> Iterator[Row]:
    ours = {settings.names.artifacts_bucket, settings.names.definitions_bucket, settings.names.access_logs_bucket}
    for bucket in sorted(s3.list_buckets()["Buckets"], key=itemgetter("Name")):
        if bucket["Name"] in ours:
            rule = s3.get_bucket_encryption(Bucket=bucket["Name"])["ServerSideEncryptionConfiguration"]["Rules"][0]
            algorithm = rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
            yield {"what": "bucket", "name": bucket["Name"], "detail": f"encrypted by {algorithm}"}


def _roles(settings: Settings, iam: Any) -> Iterator[Row]:
    prefix = settings.names.role("")
    for role in sorted(iam.get_paginator("list_roles").paginate().build_full_result()["Roles"], key=itemgetter("RoleName")):
        if role["RoleName"].startswith(prefix):
            yield {"what": "role", "name": role["RoleName"], "detail": role["Arn"]}
