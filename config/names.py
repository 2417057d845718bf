"""The physical names of an environment, decided before anything exists.

Separate so that manifests, policies and stacks spell a name the same way, and so that its length is checked once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mlplatform.config.regions import Region

LONGEST_PURPOSE = 28
"""Characters that the purpose of a role may have."""


@dataclass(frozen=True)
class Names:
    """Names and ARNs of one environment."""

    environment: str
    account: str
    place: Region

    @property
    def cluster(self) -> str:
        """The EKS cluster."""
        return self.environment

    @property
    def artifacts_bucket(self) -> str:
        """The bucket that pipelines keep artifacts in."""
        return self._bucket("artifacts")

    @property
    def definitions_bucket(self) -> str:
        """The bucket that pipeline definitions are released to."""
        return self._bucket("definitions")

    @property
    def access_logs_bucket(self) -> str:
        """The bucket that records who read and wrote the others."""
        return self._bucket("access-logs")

    @property
    def database(self) -> str:
        """The RDS instance or Aurora cluster."""
        return self.environment

    @property
    def database_secret(self) -> str:
        """The Secrets Manager secret that holds host, port, user and password."""
        return f"{self.environment}/database"

    @property
    def flow_log_group(self) -> str:
        """The log group of the VPC's connections."""
        return f"/mlplatform/{self.environment}/flow-logs"

    @property
    def cluster_log_group(self) -> str:
        """The log group that EKS writes a control plane's logs to."""
        return f"/aws/eks/{self.cluster}/cluster"

    @property
    def container_log_group(self) -> str:
        """The log group of what containers write."""
        return f"/mlplatform/{self.environment}/containers"

    @property
    def interruption_queue(self) -> str:
        """The SQS queue that tells Karpenter what EC2 is about to take back."""
        return self.cluster

    def secret(self, purpose: str) -> str:
        """Return the name of the Secrets Manager secret for a purpose, as `sign-in/client`."""
        return f"{self.environment}/{purpose}"

    def tenant_role(self, tenant: str) -> str:
        """Return the name of the IAM role of a tenant's pods; `role_arn` takes the purpose alone."""
        return self.role(tenant_purpose(tenant))

    def key_alias(self, purpose: str) -> str:
        """Return the alias of the KMS key for a purpose."""
        return f"alias/{self.environment}/{purpose}"

    def role(self, purpose: str) -> str:
        """Return the name of the IAM role for a purpose, unique in the account.

        Raises:
            ValueError: The purpose has more than `LONGEST_PURPOSE` characters, for which names of environments leave room.
        """
        if len(purpose) > LONGEST_PURPOSE:
            raise ValueError(f"role purpose {purpose!r} has {len(purpose)} characters; use {LONGEST_PURPOSE} or fewer")
        return f"{self.environment}-{self.place.name}-{purpose}"

    def role_arn(self, purpose: str) -> str:
        """Return the ARN of the IAM role for a purpose."""
        return f"arn:{self.place.partition.name}:iam::{self.account}:role/{self.role(purpose)}"

    def _bucket(self, purpose: str) -> str:
        # A bucket's name is unique in a partition, over all accounts.
        return f"{self.environment}-{purpose}-{self.account}-{self.place.name}"


def tenant_purpose(tenant: str) -> str:
    """Return the purpose of a tenant's role, by which `Names.role` and `Names.role_arn` call it."""
    return f"tenant-{tenant}"


def artifacts_prefix(namespace: str) -> str:
    """Return what the keys of a namespace's artifacts begin with: fixed, because Kubeflow Pipelines' pages tell the owner from it.

    https://github.com/kubeflow/pipelines/pull/13433
    """
    return f"private-artifacts/{namespace}/"


def limited_names(names: Names) -> Iterator[tuple[str, int, int]]:
    """Yield what is named, its name's length and the characters that its service takes, for names that grow with the environment's.

    Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html and
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html.
    """
    for bucket in (names.artifacts_bucket, names.definitions_bucket, names.access_logs_bucket):
        yield "a bucket", len(bucket), 63
    yield "an IAM role", len(names.role("")) + LONGEST_PURPOSE, 64
    yield "the database", len(names.database), 63
    yield "the cluster", len(names.cluster), 100
    yield "a queue", len(names.interruption_queue), 80
