"""What a request may ask of a stack, and what is refused: names, states, capabilities, protection.

Separate from the operations that follow and from the query protocol that requests arrive in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlplatform.local.aws.stacks.changes import Preview
from mlplatform.local.aws.stacks.errors import (
    AlreadyExistsError,
    ChangeSetNotFoundError,
    InsufficientCapabilitiesError,
    InvalidChangeSetStatusError,
    NotPlayedError,
    ValidationError,
)
from mlplatform.local.aws.stacks.exports import refuse_if_imported
from mlplatform.local.aws.stacks.operations import Operation, begin
from mlplatform.local.aws.stacks.parameters import Parameter, settle
from mlplatform.local.aws.stacks.state import Before, ChangeSet, Region, Stack
from mlplatform.local.aws.stacks.template import EMPTY, Template, parse
from mlplatform.local.aws.stacks.values import Surroundings
from mlplatform.local.aws.stacks.wish import Wish

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
_UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "CREATE_FAILED",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)


@dataclass
class _Settled:
    template: Template
    parameters: Mapping[str, Parameter]
    tags: Mapping[str, str]
    changes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    alters_outputs: bool = False

    @property
    def is_change(self) -> bool:
        return bool(self.changes) or self.alters_outputs


def create_stack(region: Region, name: str, wish: Wish) -> Stack:
    """Start to create a stack."""
    with region.changed:
        stack = _new_stack(region, name, wish)
        settled = _settle(region, stack, wish)
        region.stacks[name] = stack
        _install(stack, settled, wish)
        begin(region, stack, "CREATE_IN_PROGRESS", lambda: Operation(region, stack).create(on_failure=wish.on_failure), wish.token)
        return stack


def update_stack(region: Region, name: str, wish: Wish) -> Stack:
    """Start to update a stack, unless nothing would change."""
    with region.changed:
        stack = _updatable(region, name)
        settled = _settle(region, stack, wish)
        if not settled.is_change and stack.tags == settled.tags and stack.status not in {"CREATE_FAILED", "UPDATE_FAILED"}:
            raise ValidationError("No updates are to be performed.")
        _install(stack, settled, wish)
        begin(region, stack, "UPDATE_IN_PROGRESS", lambda: Operation(region, stack).update(on_failure=wish.on_failure), wish.token)
        return stack


def delete_stack(region: Region, name: str, retain: Sequence[str] = (), token: str | None = None) -> None:
    """Start to delete a stack; one that is not there is fine."""
    with region.changed:
        stack = region.stacks.get(name) or next((stack for stack in region.stacks.values() if stack.id == name), None)
        if stack is None or stack.status == "DELETE_IN_PROGRESS":
            return
        if stack.protected:
            raise ValidationError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if stack.in_progress:
            raise ValidationError(f"Stack [{stack.id}] cannot be deleted while in status {stack.status}")
        if retain and stack.status != "DELETE_FAILED":
            raise ValidationError(
                f"Invalid operation on stack [{stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state."
            )
        refuse_if_imported(region, stack)
        begin(region, stack, "DELETE_IN_PROGRESS", lambda: Operation(region, stack).delete(retain=retain), token)


def roll_back_stack(region: Region, name: str, skip: Sequence[str] = (), *, again: bool = False, token: str | None = None) -> Stack:
    """Start to roll back a stack that failed without rollback, or, `again`, one whose rollback failed."""
    with region.changed:
        stack = region.find(name)
        allowed = {"UPDATE_ROLLBACK_FAILED"} if again else {"CREATE_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"}
        if stack.status not in allowed:
            raise ValidationError(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
        status = "ROLLBACK_IN_PROGRESS" if stack.before is None or stack.before.template is EMPTY else "UPDATE_ROLLBACK_IN_PROGRESS"
        begin(region, stack, status, lambda: Operation(region, stack).roll_back(skip=skip), token)
        return stack


def create_change_set(region: Region, stack_name: str, name: str, wish: Wish, *, type_: str, description: str | None) -> ChangeSet:
    """Work out what a wish would change, and keep both."""
    if type_ not in {"CREATE", "UPDATE"}:
        raise NotPlayedError(f"change sets of type {type_}")
    with region.changed:
        stack = _under_review(region, stack_name, wish) if type_ == "CREATE" else _updatable(region, stack_name)
        if name in stack.change_sets:
            raise AlreadyExistsError(f"ChangeSet {name} already exists")
        settled = _settle(region, stack, wish)
        if stack.name not in region.stacks:
            region.stacks[stack.name] = stack
            region.set_status(stack, "REVIEW_IN_PROGRESS", "User Initiated")
        change_set = ChangeSet(
            name=name,
            id=region.arn("changeSet", name),
            stack=stack,
            type=type_,
            template=settled.template,
            parameters=settled.parameters,
            tags=settled.tags,
            changes=settled.changes,
            capabilities=wish.capabilities,
            role_arn=wish.role_arn,
            description=description,
            notifications=wish.notifications,
            disable_rollback=wish.on_failure == "DO_NOTHING",
        )
        if not settled.is_change and settled.tags == stack.tags and not stack.status.endswith("_FAILED"):
            change_set.status, change_set.execution_status, change_set.reason = "FAILED", "UNAVAILABLE", _NO_CHANGES
        stack.change_sets[name] = change_set
        return change_set


def find_change_set(region: Region, name: str, stack_name: str | None) -> ChangeSet:
    """Return a change set by its name and stack, or by its ARN."""
    for stack in region.stacks.values():
        for change_set in stack.change_sets.values():
            if change_set.id == name or (change_set.name == name and stack_name in {stack.name, stack.id}):
                return change_set
    raise ChangeSetNotFoundError(f"ChangeSet [{name}] does not exist")


def delete_change_set(region: Region, name: str, stack_name: str | None) -> None:
    """Forget a change set; one that is not there is fine, where its stack is."""
    with region.changed:
        for stack in region.stacks.values():
            kept = {
                key: each
                for key, each in stack.change_sets.items()
                if name not in {each.id, each.name} or (name == each.name and stack_name not in {stack.name, stack.id})
            }
            stack.change_sets = kept


def execute_change_set(region: Region, name: str, stack_name: str | None, *, disable_rollback: bool | None, token: str | None) -> None:
    """Start what a change set says; the stack's other change sets are void from then on."""
    with region.changed:
        change_set = find_change_set(region, name, stack_name)
        stack = change_set.stack
        if change_set.execution_status != "AVAILABLE" or stack.in_progress:
            state = (
                f"an execution status of {change_set.execution_status}"
                if change_set.execution_status != "AVAILABLE"
                else f"a stack in {stack.status}"
            )
            raise InvalidChangeSetStatusError(f"ChangeSet [{change_set.id}] cannot be executed in its current status: it has {state}")
        disabled = change_set.disable_rollback if disable_rollback is None else disable_rollback
        on_failure = "DO_NOTHING" if disabled else "ROLLBACK"
        wish = Wish(
            None,
            capabilities=change_set.capabilities,
            role_arn=change_set.role_arn,
            notifications=change_set.notifications,
            on_failure=on_failure,
            protected=stack.protected,
        )
        _install(stack, _Settled(change_set.template, change_set.parameters, change_set.tags), wish)
        change_set.execution_status = "EXECUTE_COMPLETE"
        stack.change_set_id, stack.change_sets[change_set.name] = change_set.id, change_set
        operation = Operation(region, stack)
        if change_set.type == "CREATE":
            begin(region, stack, "CREATE_IN_PROGRESS", lambda: operation.create(on_failure=on_failure), token)
        else:
            begin(region, stack, "UPDATE_IN_PROGRESS", lambda: operation.update(on_failure=on_failure), token)


def _new_stack(region: Region, name: str, wish: Wish) -> Stack:
    if not _NAME.fullmatch(name):
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    if name in region.stacks:
        raise AlreadyExistsError(f"Stack [{name}] already exists")
    return Stack(name, region.arn("stack", name), region.account, region.name, notifications=wish.notifications, protected=wish.protected)


def _under_review(region: Region, name: str, wish: Wish) -> Stack:
    stack = region.stacks.get(name)
    if stack is None:
        return _new_stack(region, name, wish)
    if stack.status != "REVIEW_IN_PROGRESS":
        raise ValidationError(f"Stack [{name}] already exists and cannot be created again with the changeSet [{stack.change_set_id}].")
    return stack


def _updatable(region: Region, name: str) -> Stack:
    stack = region.find(name)
    if stack.status not in _UPDATABLE:
        raise ValidationError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
    return stack


def _settle(region: Region, stack: Stack, wish: Wish) -> _Settled:
    template = stack.template if wish.text is None else parse(wish.text)
    surroundings = Surroundings(region, stack)
    parameters = settle(template.parameters, wish.parameters, stack.parameters, surroundings.ssm_parameter)
    if template.uses_iam and not set(wish.capabilities) & {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}:
        raise InsufficientCapabilitiesError("Requires capabilities : [CAPABILITY_NAMED_IAM]")
    tags = stack.tags if wish.tags is None else wish.tags
    preview = Preview(region, stack, template, parameters, tags)
    return _Settled(template, parameters, tags, preview.changes(), preview.alters_outputs())


def _install(stack: Stack, settled: _Settled, wish: Wish) -> None:
    """Give the stack its new template; what it was stays in `before` until it is whole again."""
    if stack.before is None:
        stack.before = Before(stack.template, stack.parameters, stack.tags, dict(stack.resources), stack.outputs)
    stack.template, stack.parameters, stack.tags = settled.template, settled.parameters, settled.tags
    stack.capabilities, stack.notifications = wish.capabilities, wish.notifications
    stack.role_arn = wish.role_arn or stack.role_arn
    stack.disable_rollback = wish.on_failure == "DO_NOTHING"
    stack.change_sets.clear()
