"""The data stack: the database and the buckets, all that an environment must not lose.

Separate so that nothing else's deployment touches it, and so that it deploys beside the cluster.
"""

from constructs import Construct

from mlplatform.config.sections import DatabaseSettings, StorageSettings
from mlplatform.constructs.bucket import AccessLogs, PlatformBucket, artifacts, old_versions
from mlplatform.constructs.database import Database
from mlplatform.constructs.key import PlatformKey
from mlplatform.stacks.environment import Environment, EnvironmentStack
from mlplatform.stacks.network import Network


class Data(EnvironmentStack):
    """MySQL for Kubeflow, a bucket for artifacts and one for pipeline definitions, encrypted with one key."""

    def __init__(
        self, scope: Construct, environment: Environment, database: DatabaseSettings, storage: StorageSettings, *, network: Network
    ) -> None:
        super().__init__(scope, "data", environment, description="Database and buckets: what must not be lost")
        names, protection = environment.names, environment.protection
        key = PlatformKey(self, "Key", purpose="data", names=names, protection=protection)
        self.key = key.key
        self.database = Database(
            self,
            "Database",
            settings=database,
            names=names,
            vpc=network.vpc,
            subnets=network.database_subnets,
            clients=network.database_clients,
            key=key,
            protection=protection,
        )
        access_logs = AccessLogs(
            self,
            "AccessLogs",
            name=names.access_logs_bucket,
            sources=[names.artifacts_bucket, names.definitions_bucket],
            days=storage.access_log_days,
            protection=protection,
        )
        self.artifacts = PlatformBucket(
            self,
            "Artifacts",
            name=names.artifacts_bucket,
            key=self.key,
            access_logs=access_logs,
            protection=protection,
            lifecycle_rules=[old_versions(storage), *artifacts(storage)],
        ).bucket
        self.definitions = PlatformBucket(
            self,
            "Definitions",
            name=names.definitions_bucket,
            key=self.key,
            access_logs=access_logs,
            protection=protection,
            lifecycle_rules=[old_versions(storage)],
        ).bucket
