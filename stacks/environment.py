"""What every stack of one environment shares: where it is, what it is called, how it is protected.

Separate so that a stack takes its own section of the settings and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import aws_cdk as cdk
import jsii
from constructs import Construct

from mlplatform.config.names import Names
from mlplatform.config.regions import Region
from mlplatform.config.settings import Settings
from mlplatform.config.versions import MatchedSet
from mlplatform.constructs.protection import Protection


@dataclass(frozen=True)
class Environment:
    """One environment, as its stacks see it."""

    names: Names
    place: Region
    versions: MatchedSet
    protection: Protection
    tags: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the settings say to every stack."""
        return cls(
            names=settings.names,
            place=settings.place,
            versions=settings.versions,
            protection=Protection.of(settings),
            tags={**settings.tags, "mlplatform:environment": settings.name},
        )


class EnvironmentStack(cdk.Stack):
    """A stack named `<environment>-<concern>`, flat under the app.

    The environment's name is nowhere below it, so that logical ids are the same in all environments.
    """

    def __init__(self, scope: Construct, concern: str, environment: Environment, *, description: str) -> None:
        super().__init__(
            scope,
            f"{environment.names.environment}-{concern}",
            description=description,
            env=cdk.Environment(account=environment.names.account, region=environment.place.name),
            # CloudFormation puts a stack's tags on every resource that takes some.
            tags=dict(environment.tags),
            termination_protection=environment.protection.stack,
        )
        self._zones = list(environment.place.zones)

    @property
    @jsii.member(jsii_name="availabilityZones")
    def availability_zones(self) -> list[str]:
        """The region's zones, from config's table: CDK would ask AWS for them and synthesise twice."""
        return self._zones
