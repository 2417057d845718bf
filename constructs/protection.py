"""What keeps an environment's data when somebody removes a stack, or a change would replace a resource.

Separate so that it is decided in one place, for all stacks and resources.
"""

from dataclasses import dataclass
from typing import Self

from aws_cdk import RemovalPolicy

from mlplatform.config.settings import Settings


@dataclass(frozen=True)
class Protection:
    """How an environment protects what it keeps.

    Stateful resources have fixed physical names besides: a change that would replace one fails, because its name is taken.
    """

    stack: bool
    """Termination protection: CloudFormation refuses to delete the stacks."""
    cluster: bool
    """Deletion protection of the EKS cluster."""
    database: bool
    """Deletion protection of the database."""
    removal: RemovalPolicy
    """What becomes of buckets, keys, logs and the database when they leave their template."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the protection that the settings ask for."""
        production = settings.stage == "prod"
        retain = settings.storage.on_removal == "retain"
        return cls(
            stack=production,
            cluster=production,
            database=settings.database.deletion_protection,
            # Except on create: what a failed first deployment made would otherwise be in the way of the next.
            removal=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retain else RemovalPolicy.DESTROY,
        )
