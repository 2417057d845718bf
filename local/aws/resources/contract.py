"""What a CloudFormation resource type must be able to do here.

Separate so that the stack engine and the types know only this of each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, runtime_checkable

import boto3
from botocore.config import Config

Properties = Mapping[str, Any]
"""A resource's properties with every intrinsic resolved, as the engine hands them over."""


class ResourceFailedError(Exception):
    """A resource could not be made, changed or removed; the message is the reason in the stack's event.

    A create that fails after something exists names it by its physical id: the rollback then deletes it.
    """

    def __init__(self, message: str, *, physical_id: str | None = None) -> None:
        super().__init__(message)
        self.physical_id = physical_id


class NeedsReplacementError(Exception):
    """An update found that this change cannot be made in place; the engine replaces the resource.

    For what the schemas call conditional (`conditionalCreateOnlyProperties`); what they call create-only never comes to `update`.
    """


@dataclass(frozen=True)
class Place:
    """Where a resource is made: whose stack it is in, and how to reach the services there."""

    account: str
    region: str
    partition: str
    url_suffix: str
    stack_name: str
    stack_id: str
    logical_id: str
    resource_type: str
    """The type as the template spells it, which only custom resources need."""
    endpoint: str
    """URL of the local AWS, `http://127.0.0.1:PORT`."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """The stack's tags, which CloudFormation puts on every resource that takes some."""
    previous_tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """During an update, the stack's tags before it: those that it lost are taken from its resources."""

    def client(self, service: str) -> Any:
        """Return a boto3 client of the service in this region, which reaches the local AWS and nothing else."""
        return client_of(service, self.region, self.endpoint)


@cache
def client_of(service: str, region: str, endpoint: str) -> Any:
    """Return a boto3 client that CloudFormation calls the local AWS with."""
    # The key says in the recorded calls that CloudFormation made them, not a person.
    session: Any = boto3.Session(aws_access_key_id="cloudformation", aws_secret_access_key="local", region_name=region)  # noqa: S106 - no secret
    return session.client(
        service, endpoint_url=endpoint, config=Config(retries={"max_attempts": 0}, proxies={}, s3={"addressing_style": "path"})
    )


@dataclass(frozen=True)
class Applied:
    """What a resource became."""

    physical_id: str
    """What `Ref` gives."""
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What `Fn::GetAtt` gives, by attribute name (`Endpoint.Address` for a nested one)."""


class ResourceType(Protocol):
    """How one CloudFormation type is made, changed and removed, by calls to the services' public APIs.

    The engine replaces a resource itself (create the new one, delete the old one after success) where a property that
    the type's schema names as create-only changed; `update` sees only changes in place.
    """

    @property
    def properties(self) -> frozenset[str] | None:
        """The properties that are played; None for all, as custom resources have no schema.

        A template that uses another one fails with its name before anything is made: nothing is ignored silently.
        A class attribute `properties = frozenset({...})` is enough.
        """
        ...

    def create(self, place: Place, properties: Properties) -> Applied:
        """Make it and wait until it is usable; raise ResourceFailedError or botocore's ClientError."""
        ...

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change it in place and return what it is now."""
        ...

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove it; one that is gone already is fine."""
        ...


@runtime_checkable
class Snapshots(Protocol):
    """What a type adds that honours `DeletionPolicy: Snapshot`; elsewhere that policy fails the deletion."""

    def snapshot(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take a snapshot and wait until it is there; the engine deletes the resource afterwards."""
        ...
