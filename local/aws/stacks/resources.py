"""One resource of a stack: made, changed, replaced or removed, with the events that say so.

Separate from the order of things: an operation decides what happens when, this decides how one step ends.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from moto.core.exceptions import ServiceException

from mlplatform.local.aws.resources.contract import Applied, NeedsReplacementError, ResourceFailedError, ResourceType, Snapshots
from mlplatform.local.aws.stacks.errors import NotPlayedError
from mlplatform.local.aws.stacks.intrinsics import Scope, UnknownError
from mlplatform.local.aws.stacks.schema import schema_of
from mlplatform.local.aws.stacks.state import Made, Region, Stack
from mlplatform.local.aws.stacks.template import Declaration
from mlplatform.local.aws.stacks.values import Surroundings

_log = logging.getLogger(__name__)


class StepFailedError(Exception):
    """A resource failed; its event has the reason, the message is its logical id."""


class Resources:
    """The resources of one stack while one operation changes them."""

    def __init__(self, region: Region, stack: Stack) -> None:
        self._region = region
        self._stack = stack
        self.surroundings = Surroundings(region, stack)

    def bring_about(self, name: str, scope: Scope) -> None:
        """Make the resource what the template says: create, replace, change or leave it."""
        declaration = scope.template.resources[name]
        made = self._stack.resources.get(name)
        if made is None or made.status == "CREATE_FAILED":
            if made:
                self._stack.superseded.append(made)
            self._create(declaration, scope)
            return
        properties = self._resolved(declaration, scope, "UPDATE_FAILED", made)
        schema = schema_of(self._region.name, declaration.type)
        retagged = bool(schema and schema.takes_tags) and made.tags != self._stack.tags
        if schema and schema.replaces(properties, made.properties):
            self._replace(declaration, made, properties)
        elif properties != made.properties or retagged or not made.sound:
            self.change(declaration, made, properties)
        elif declaration != made.declaration:
            self._keep(declaration, made.applied, properties, made.status)

    def change(self, declaration: Declaration, made: Made, properties: Mapping[str, Any]) -> None:
        """Change the resource in place, or replace it where its type finds that it must be."""
        self._record(declaration, "UPDATE_IN_PROGRESS", made.applied.physical_id)
        tags = self._stack.tags
        try:
            place = self.surroundings.place(declaration, tags, made.tags)
            wanted, previous = self.surroundings.with_secrets(properties), self.surroundings.with_secrets(made.properties)
            applied = self._type(declaration).update(place, made.applied, wanted, previous)
        except NeedsReplacementError:
            self._replace(declaration, made, properties)
            return
        except Exception as error:
            self._keep(
                made.declaration,
                made.applied,
                made.properties,
                "UPDATE_FAILED",
                self._fail(declaration, "UPDATE_FAILED", error, made.applied.physical_id),
            )
            raise StepFailedError(declaration.logical_id) from error
        if applied.physical_id != made.applied.physical_id:
            self._stack.superseded.append(made)
        self._keep(declaration, applied, properties, "UPDATE_COMPLETE")
        self._record(declaration, "UPDATE_COMPLETE", applied.physical_id)

    def remove(self, made: Made, policy: str) -> bool:
        """Delete a resource, or keep it where its policy says so; say whether that went well."""
        declaration, physical_id = made.declaration, made.applied.physical_id
        if policy in {"Retain", "RetainExceptOnCreate"}:
            self._record(declaration, "DELETE_SKIPPED", physical_id)
        elif physical_id:
            self._record(declaration, "DELETE_IN_PROGRESS", physical_id)
            try:
                self._delete(made, with_snapshot=policy == "Snapshot")
            except Exception as error:  # noqa: BLE001 - whatever went wrong is the event's reason
                reason = self._fail(declaration, "DELETE_FAILED", error, physical_id)
                if self._is_current(made):
                    self._keep(declaration, made.applied, made.properties, "DELETE_FAILED", reason)
                return False
            self._record(declaration, "DELETE_COMPLETE", physical_id)
        if self._is_current(made):
            del self._stack.resources[declaration.logical_id]
        return True

    def _create(self, declaration: Declaration, scope: Scope) -> None:
        self._record(declaration, "CREATE_IN_PROGRESS", "")
        properties = self._resolved(declaration, scope, "CREATE_FAILED", None)
        try:
            applied = self._make(declaration, properties)
        except Exception as error:
            physical_id = (isinstance(error, ResourceFailedError) and error.physical_id) or ""
            reason = self._fail(declaration, "CREATE_FAILED", error, physical_id)
            self._keep(declaration, Applied(physical_id), properties, "CREATE_FAILED", reason)
            raise StepFailedError(declaration.logical_id) from error
        self._keep(declaration, applied, properties, "CREATE_COMPLETE")
        self._record(declaration, "CREATE_COMPLETE", applied.physical_id)

    def _replace(self, declaration: Declaration, made: Made, properties: Mapping[str, Any]) -> None:
        """Make the new one beside the old one, which lives until the whole update went well."""
        schema = schema_of(self._region.name, declaration.type)
        self._record(
            declaration,
            "UPDATE_IN_PROGRESS",
            made.applied.physical_id,
            "Requested update requires the creation of a new physical resource; hence creating one.",
        )
        try:
            if schema:
                _refuse_fixed_name(schema.fixed_name(properties, made.properties))
            applied = self._make(declaration, properties)
        except Exception as error:
            self._fail(declaration, "UPDATE_FAILED", error, made.applied.physical_id)
            left = isinstance(error, ResourceFailedError) and error.physical_id
            if left:
                self._stack.superseded.append(self._made(declaration, Applied(left), properties, "CREATE_FAILED"))
            raise StepFailedError(declaration.logical_id) from error
        self._stack.superseded.append(made)
        self._keep(declaration, applied, properties, "UPDATE_COMPLETE")
        self._record(declaration, "UPDATE_COMPLETE", applied.physical_id)

    def _make(self, declaration: Declaration, properties: Mapping[str, Any]) -> Applied:
        place = self.surroundings.place(declaration, self._stack.tags)
        return self._type(declaration).create(place, self.surroundings.with_secrets(properties))

    def _delete(self, made: Made, *, with_snapshot: bool) -> None:
        place, type_ = self.surroundings.place(made.declaration, made.tags), self._type(made.declaration)
        if with_snapshot:
            if not isinstance(type_, Snapshots):
                raise NotPlayedError(f"DeletionPolicy: Snapshot of {made.declaration.type}")
            type_.snapshot(place, made.applied, made.properties)
        type_.delete(place, made.applied, made.properties)

    def _resolved(self, declaration: Declaration, scope: Scope, failed: str, made: Made | None) -> dict[str, Any]:
        try:
            return scope.resolve(declaration.properties)
        except (ServiceException, UnknownError) as error:
            applied = made.applied if made else Applied("")
            reason = self._fail(declaration, failed, error, applied.physical_id)
            self._keep(declaration, applied, made.properties if made else {}, failed, reason)
            raise StepFailedError(declaration.logical_id) from error

    def _type(self, declaration: Declaration) -> ResourceType:
        type_ = self._region.types(declaration.type)
        if type_ is None:
            raise NotPlayedError(f"the resource type {declaration.type}")
        return type_

    def _is_current(self, made: Made) -> bool:
        current = self._stack.resources.get(made.declaration.logical_id)
        return current is not None and current.key == made.key

    def _keep(
        self, declaration: Declaration, applied: Applied, properties: Mapping[str, Any], status: str, reason: str | None = None
    ) -> None:
        self._stack.resources[declaration.logical_id] = self._made(declaration, applied, properties, status, reason)

    def _made(
        self, declaration: Declaration, applied: Applied, properties: Mapping[str, Any], status: str, reason: str | None = None
    ) -> Made:
        return Made(declaration, applied, properties, self._stack.tags, status, reason, datetime.now(UTC))

    def _record(self, declaration: Declaration, status: str, physical_id: str, reason: str | None = None) -> None:
        self._region.record(
            self._stack, declaration.logical_id, physical_id=physical_id, type_=declaration.type, status=status, reason=reason
        )

    def _fail(self, declaration: Declaration, status: str, error: Exception, physical_id: str) -> str:
        reason = _reason(error)
        self._record(declaration, status, physical_id, reason)
        return reason


def _refuse_fixed_name(name: str | None) -> None:
    if name:
        raise ResourceFailedError(
            f"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
        )


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        details: dict[str, Any] = dict(error.response.get("Error", {}))
        return f"{details.get('Message', '')} (Operation: {error.operation_name}, Error Code: {details.get('Code', '')})"
    if isinstance(error, ServiceException):
        return error.message
    if isinstance(error, ResourceFailedError):
        return str(error)
    if isinstance(error, UnknownError):
        return f"Unresolved resource dependency {error}"
    _log.exception("a resource type failed in a way it does not declare", exc_info=error)
    return f"Internal failure: {type(error).__name__}: {error}"
