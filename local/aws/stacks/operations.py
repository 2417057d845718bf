"""Create, update, roll back, delete: what happens to a whole stack, in which order, and how it ends.

Separate from single resources and from the API: an operation runs in its own thread and talks through the stack's state alone.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from moto.core.exceptions import ServiceException

from mlplatform.local.aws.stacks.exports import publish
from mlplatform.local.aws.stacks.intrinsics import Scope
from mlplatform.local.aws.stacks.parameters import Parameter
from mlplatform.local.aws.stacks.references import in_order
from mlplatform.local.aws.stacks.resources import Resources, StepFailedError
from mlplatform.local.aws.stacks.state import AppliedResources, Made, Region, Stack
from mlplatform.local.aws.stacks.template import EMPTY, Template

_log = logging.getLogger(__name__)


def begin(region: Region, stack: Stack, status: str, run: Callable[[], None], token: str | None = None) -> None:
    """Set the stack's status and run the operation in a thread of its own."""
    stack.operation_id, stack.token = str(uuid.uuid4()), token
    region.set_status(stack, status, "User Initiated")

    def guarded() -> None:
        try:
            run()
        except Exception as error:  # noqa: BLE001 - a fault of the engine must end the operation too, which the CLI waits for
            _log.exception("operation on stack %s", stack.name)
            region.set_status(stack, stack.status.replace("_IN_PROGRESS", "_FAILED"), f"Internal failure: {type(error).__name__}: {error}")

    threading.Thread(target=guarded, name=f"stack {stack.name}", daemon=True).start()


class Operation:
    """One operation on one stack."""

    def __init__(self, region: Region, stack: Stack) -> None:
        self._region = region
        self._stack = stack
        self._resources = Resources(region, stack)

    def create(self, *, on_failure: str = "ROLLBACK") -> None:
        """Make all that the template says; on failure ROLLBACK, DELETE or DO_NOTHING."""
        self._apply("CREATE", on_failure)

    def update(self, *, on_failure: str = "ROLLBACK") -> None:
        """Make the stack what its template now says; `stack.before` has what a rollback returns to."""
        self._stack.updated = datetime.now(UTC)
        self._apply("UPDATE", on_failure)

    def delete(self, *, retain: Iterable[str] = ()) -> None:
        """Remove every resource, dependents first."""
        stack, kept = self._stack, set(retain)
        failed = self._remove_all([*stack.superseded, *stack.resources.values()], lambda made: _deletion_policy(made, kept))
        if failed:
            self._region.set_status(stack, "DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
            return
        with self._region.changed:
            stack.outputs, stack.imports, stack.superseded = (), frozenset(), []
            self._region.set_status(stack, "DELETE_COMPLETE")
            stack.deleted = stack.events[-1].time
            self._region.deleted[stack.id] = stack
            if self._region.stacks.get(stack.name) is stack:
                del self._region.stacks[stack.name]

    def roll_back(self, *, skip: Iterable[str] = ()) -> None:
        """Return the stack to what it was when it was last whole, leaving the resources in `skip` as they are."""
        stack, before = self._stack, self._stack.before
        if before is None or before.template is EMPTY:
            self._roll_back_creation()
            return
        candidates = [*stack.superseded, *stack.resources.values()]
        stack.template, stack.parameters, stack.tags = before.template, before.parameters, before.tags
        failed = [
            name
            for name in self._ordered(before.template)
            if name in before.resources and not self._restored(before.resources[name], set(skip))
        ]
        if failed:
            self._region.set_status(stack, "UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{', '.join(failed)}]. ")
            return
        self._region.set_status(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._remove_all(self._leftovers(candidates, kept=set(before.resources)), _rollback_policy)
        self._settle("UPDATE_ROLLBACK_COMPLETE")

    def _apply(self, verb: str, on_failure: str) -> None:
        stack, template = self._stack, self._stack.template
        try:
            scope = self._scope(template, stack.parameters)
            wanted = set(scope.wanted())
            for name in self._ordered(template):
                if name in wanted:
                    self._resources.bring_about(name, scope)
            publish(self._region, stack, self._scope(template, stack.parameters), self._resources.surroundings.imports)
        except StepFailedError as step:
            noun = "create" if verb == "CREATE" else "update"
            self._fail(verb, f"The following resource(s) failed to {noun}: [{step}]. ", on_failure)
        except ServiceException as error:
            self._fail(verb, error.message, on_failure)
        else:
            self._clean_up(verb, wanted)

    def _fail(self, verb: str, reason: str, on_failure: str) -> None:
        if on_failure == "DO_NOTHING":
            self._region.set_status(self._stack, f"{verb}_FAILED", reason)
        elif on_failure == "DELETE":
            self._region.set_status(self._stack, "DELETE_IN_PROGRESS", reason)
            self.delete()
        else:
            creating = self._stack.before is None or self._stack.before.template is EMPTY
            status = "ROLLBACK_IN_PROGRESS" if creating else "UPDATE_ROLLBACK_IN_PROGRESS"
            self._region.set_status(self._stack, status, f"{reason}Rollback requested by user." if creating else reason)
            self.roll_back()

    def _clean_up(self, verb: str, wanted: set[str]) -> None:
        """After success: remove what was replaced or is no longer in the template; a failure there does not undo the update."""
        stack = self._stack
        gone = [made for name, made in stack.resources.items() if name not in wanted]
        leftovers = self._leftovers([*stack.superseded, *gone], kept=wanted)
        if leftovers:
            self._region.set_status(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            replaced = {made.key for made in stack.superseded}
            self._remove_all(
                leftovers, lambda made: made.declaration.update_replace_policy if made.key in replaced else _deletion_policy(made, set())
            )
        for made in gone:
            stack.resources.pop(made.declaration.logical_id, None)
        self._settle(f"{verb}_COMPLETE")

    def _settle(self, status: str) -> None:
        with self._region.changed:
            self._stack.before, self._stack.superseded = None, []
            self._region.set_status(self._stack, status)

    def _roll_back_creation(self) -> None:
        stack = self._stack
        failed = self._remove_all([*stack.superseded, *stack.resources.values()], _rollback_policy)
        if failed:
            self._region.set_status(stack, "ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
            return
        stack.outputs, stack.imports = (), frozenset()
        stack.resources.clear()
        self._settle("ROLLBACK_COMPLETE")

    def _restored(self, old: Made, skip: set[str]) -> bool:
        stack, name = self._stack, old.declaration.logical_id
        now = stack.resources.get(name)
        if now is None or now.key != old.key or name in skip:
            stack.resources[name] = old
            return True
        if now.sound and now.properties == old.properties and now.tags == old.tags:
            stack.resources[name] = old
            return True
        try:
            # The resource that failed gets its old properties again too: its service may have made half of the change.
            self._resources.change(old.declaration, now, old.properties)
        except StepFailedError:
            return False
        return True

    def _leftovers(self, candidates: Iterable[Made], kept: set[str]) -> list[Made]:
        current = {made.key for name, made in self._stack.resources.items() if name in kept}
        return list({made.key: made for made in candidates if made.key not in current}.values())

    def _remove_all(self, made: Iterable[Made], policy: Callable[[Made], str]) -> list[str]:
        """Remove the resources, each before those that it depends on; return the logical ids of those that failed."""
        by_name: dict[str, list[Made]] = {}
        for item in made:
            by_name.setdefault(item.declaration.logical_id, []).append(item)
        order = in_order({name: items[-1].declaration for name, items in by_name.items()}, self._region.shuffle(self._stack))
        removed = [(name, self._resources.remove(item, policy(item))) for name in reversed(order) for item in by_name[name]]
        return [name for name, went_well in removed if not went_well]

    def _ordered(self, template: Template) -> list[str]:
        return in_order(template.resources, self._region.shuffle(self._stack))

    def _scope(self, template: Template, parameters: Mapping[str, Parameter]) -> Scope:
        return self._resources.surroundings.scope(template, parameters, AppliedResources(self._stack.resources))


def _deletion_policy(made: Made, retained: set[str]) -> str:
    if made.declaration.logical_id in retained:
        return "Retain"
    return "Delete" if made.status == "CREATE_FAILED" else made.declaration.deletion_policy


def _rollback_policy(made: Made) -> str:
    # What this very operation made is kept by Retain alone; there is nothing in it yet to take a snapshot of.
    return "Retain" if _deletion_policy(made, set()) == "Retain" else "Delete"
