"""Stacks, their resources, events and change sets, as the engine changes them and the API shows them.

Separate so that an operation's thread and a request's thread share plain data under one lock and nothing else.
"""

import random
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, ResourceType
from mlplatform.local.aws.stacks.errors import ValidationError
from mlplatform.local.aws.stacks.parameters import Parameter
from mlplatform.local.aws.stacks.template import EMPTY, Declaration, Template

FAILED_STATES = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
_STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class Made:
    """A resource as it was last made or changed."""

    declaration: Declaration
    applied: Applied
    properties: Mapping[str, Any]
    """Resolved but for dynamic references, whose secrets are not kept."""
    tags: Mapping[str, str]
    status: str
    reason: str | None
    updated: datetime

    @property
    def sound(self) -> bool:
        """Whether its last creation or update went well; what is not sound is touched again by the next update."""
        return self.status not in FAILED_STATES

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the resource that replaces it."""
        return self.declaration.logical_id, self.applied.physical_id


class AppliedResources(Mapping[str, Applied]):
    """What `Ref` and `Fn::GetAtt` see of a stack's resources while an operation makes them."""

    def __init__(self, resources: Mapping[str, Made]) -> None:
        self._resources = resources

    def __getitem__(self, name: str) -> Applied:
        made = self._resources[name]
        if made.status == "CREATE_FAILED":
            raise KeyError(name)
        return made.applied

    def __iter__(self) -> Iterator[str]:
        return (name for name, made in list(self._resources.items()) if made.status != "CREATE_FAILED")

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Event:
    """One line of a stack's history."""

    id: str
    time: datetime
    operation_id: str
    token: str | None
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None


@dataclass(frozen=True)
class Output:
    """One output of a stack, with the name that other stacks may import it by."""

    key: str
    value: str
    description: str | None
    export: str | None


@dataclass(frozen=True)
class Before:
    """A stack as it was when it was last whole: what a rollback returns to."""

    template: Template
    parameters: Mapping[str, Parameter]
    tags: Mapping[str, str]
    resources: Mapping[str, Made]
    outputs: tuple[Output, ...]


@dataclass
class Stack:
    """One stack; every change of it happens under the region's lock."""

    name: str
    id: str
    account: str
    region: str
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    template: Template = EMPTY
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    resources: dict[str, Made] = field(default_factory=dict[str, Made])
    superseded: list[Made] = field(default_factory=list[Made])
    """Resources that others replaced since the stack was last whole; they live until it is whole again."""
    outputs: tuple[Output, ...] = ()
    imports: frozenset[str] = frozenset()
    events: list[Event] = field(default_factory=list[Event])
    change_sets: dict[str, "ChangeSet"] = field(default_factory=dict[str, "ChangeSet"])
    before: Before | None = None
    """Set while an update runs, and after one that failed and was not rolled back."""
    capabilities: tuple[str, ...] = ()
    role_arn: str | None = None
    notifications: tuple[str, ...] = ()
    disable_rollback: bool = False
    protected: bool = False
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime | None = None
    deleted: datetime | None = None
    change_set_id: str | None = None
    operation_id: str = ""
    token: str | None = None

    @property
    def in_progress(self) -> bool:
        """Whether an operation runs; a stack under review only waits for its first change set."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


@dataclass
class ChangeSet:
    """A change that was asked for and not made yet."""

    name: str
    id: str
    stack: Stack
    type: str
    template: Template
    parameters: Mapping[str, Parameter]
    tags: Mapping[str, str]
    changes: list[dict[str, Any]]
    capabilities: tuple[str, ...]
    role_arn: str | None
    description: str | None
    notifications: tuple[str, ...]
    disable_rollback: bool
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    execution_status: str = "AVAILABLE"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Region:
    """The stacks of one region and what they need from the server around them."""

    account: str
    name: str
    partition: str
    url_suffix: str
    endpoint: str
    types: Callable[[str], ResourceType | None]
    """How a type's resources are made; None for a type that is not played."""
    seed: int
    """Decides the order of what nothing orders."""
    stacks: dict[str, Stack] = field(default_factory=dict[str, Stack])
    """The stacks that are, by name."""
    deleted: dict[str, Stack] = field(default_factory=dict[str, Stack])
    """The stacks that were, by id."""
    changed: threading.Condition = field(default_factory=lambda: threading.Condition(threading.RLock()))
    """The region's lock; notified whenever a stack's status changes."""

    def find(self, name_or_id: str) -> Stack:
        """Return a stack by its name, or, deleted ones among them, by its id."""
        for stack in self.stacks.values():
            if name_or_id in {stack.name, stack.id}:
                return stack
        if name_or_id in self.deleted:
            return self.deleted[name_or_id]
        raise ValidationError(f"Stack with id {name_or_id} does not exist")

    def exports(self) -> dict[str, tuple[Stack, Output]]:
        """Return every export of the region with the stack it comes from."""
        return {output.export: (stack, output) for stack in self.stacks.values() for output in stack.outputs if output.export}

    def importers(self, export: str) -> list[str]:
        """Return the names of the stacks that import `export`."""
        return sorted(stack.name for stack in self.stacks.values() if export in stack.imports)

    def shuffle(self, stack: Stack) -> random.Random:
        """Return the randomness of one operation: the same for the same seed and stack, whatever else runs."""
        return random.Random(f"{self.seed}/{stack.name}")  # noqa: S311 - an order is no secret

    def arn(self, kind: str, name: str) -> str:
        """Return a new ARN of CloudFormation."""
        return f"arn:{self.partition}:cloudformation:{self.name}:{self.account}:{kind}/{name}/{uuid.uuid4()}"

    def set_status(self, stack: Stack, status: str, reason: str | None = None) -> None:
        """Change a stack's status, with its event, and wake whoever waits for it."""
        with self.changed:
            stack.status, stack.reason = status, reason
            self.record(stack, stack.name, physical_id=stack.id, type_=_STACK_TYPE, status=status, reason=reason)
            self.changed.notify_all()

    def record(self, stack: Stack, logical_id: str, *, physical_id: str, type_: str, status: str, reason: str | None) -> None:
        """Add an event; times rise strictly, because readers sort by them."""
        with self.changed:
            now = datetime.now(UTC)
            if stack.events:
                now = max(now, stack.events[-1].time + timedelta(milliseconds=1))
            stack.events.append(
                Event(str(uuid.uuid4()), now, stack.operation_id, stack.token, logical_id, physical_id, type_, status, reason)
            )

    def wait(self, stacks: Iterable[Stack], seconds: float) -> None:
        """Return once none of the stacks is in an operation, or after `seconds`."""
        with self.changed:
            self.changed.wait_for(lambda: not any(stack.in_progress for stack in stacks), timeout=seconds)
