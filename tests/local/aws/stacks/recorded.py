"""Stacks of resources that are made nowhere: what the engine asks of their type is written down, and may be refused."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, NeedsReplacementError, Place, Properties, ResourceFailedError
from mlplatform.local.aws.stacks import requests
from mlplatform.local.aws.stacks.state import Region, Stack
from mlplatform.local.aws.stacks.wish import Wish


@dataclass
class Recorded:
    """A type that plays every property and remembers what was asked of it."""

    asked: list[str] = field(default_factory=list[str])
    alive: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    refused: set[str] = field(default_factory=set[str])
    """`create A`, `update A` or `delete A`, each refused once."""
    properties: frozenset[str] | None = None
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def create(self, place: Place, properties: Properties) -> Applied:
        self._ask("create", place.logical_id)
        id_ = f"{place.logical_id}-{next(self.numbers)}"
        self.alive[id_] = properties
        return Applied(id_, {"Arn": f"arn:{place.partition}:test:{id_}", "Value": properties.get("Value", "")})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        del previous
        self._ask("update", place.logical_id)
        if properties.get("Description") == "replace me":
            raise NeedsReplacementError
        self.alive[current.physical_id] = properties
        return Applied(current.physical_id, {**current.attributes, "Value": properties.get("Value", "")})

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        del properties
        self._ask("delete", place.logical_id)
        self.alive.pop(current.physical_id, None)

    def snapshot(self, place: Place, current: Applied, properties: Properties) -> None:
        del current, properties
        self._ask("snapshot", place.logical_id)

    def _ask(self, verb: str, name: str) -> None:
        asked = f"{verb} {name}"
        self.asked.append(asked)
        if asked in self.refused:
            self.refused.discard(asked)
            raise ResourceFailedError(f"{name} does not like it")


@dataclass
class Cloud:
    """A region and the one type behind all its types but `AWS::Route53::HostedZone`."""

    recorded: Recorded
    region: Region

    def create(self, resources: Mapping[str, Any], name: str = "s", **rest: Any) -> Stack:
        return self._finish(requests.create_stack(self.region, name, wish(resources, **rest)))

    def update(self, resources: Mapping[str, Any], name: str = "s", **rest: Any) -> Stack:
        return self._finish(requests.update_stack(self.region, name, wish(resources, **rest)))

    def delete(self, name: str = "s", **rest: Any) -> Stack:
        stack = self.region.find(name)
        requests.delete_stack(self.region, name, **rest)
        return self._finish(stack)

    def roll_back(self, name: str = "s", **rest: Any) -> Stack:
        return self._finish(requests.roll_back_stack(self.region, name, **rest))

    def _finish(self, stack: Stack) -> Stack:
        self.region.wait([stack], 10)
        assert not stack.in_progress
        return stack


def parameter(value: Any = "v", **more: Any) -> dict[str, Any]:
    """Declare a resource that can be changed in place, but for its `Name`."""
    attributes = {
        key: more.pop(key) for key in ("DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata") if key in more
    }
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **more}, **attributes}


def wish(resources: Mapping[str, Any], *, on_failure: str = "ROLLBACK", tags: Mapping[str, str] | None = None, **sections: Any) -> Wish:
    return Wish(json.dumps({"Resources": resources, **sections}), tags=tags, on_failure=on_failure)


def statuses(stack: Stack) -> list[str]:
    """Return the stack's own statuses, in the order that it went through them."""
    return [event.status for event in stack.events if event.physical_id == stack.id]
