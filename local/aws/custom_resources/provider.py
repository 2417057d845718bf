"""Custom resources behind CDK's provider framework: events to the published handler, its answers back to the stack.

Separate because two protocols meet here, CloudFormation's with its limits and the framework's with its marker for failed creations.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from botocore.exceptions import ClientError

from mlplatform.local.aws.custom_resources.cluster_access import RECORDS, ClusterAccess, RenderedOnly
from mlplatform.local.aws.custom_resources.functions import Functions, Outcome
from mlplatform.local.aws.custom_resources.not_installed import NotInstalled, recorded
from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError

CREATE_FAILED = "AWSCDK::CustomResourceProviderFramework::CREATE_FAILED"
"""The framework's id of what was never made: its deletion is ignored."""
_ANSWER_LIMIT = 4096
"""Bytes of a custom resource's whole answer: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html"""
_ENVELOPE = 400


class CustomResources:
    """Makes, changes and removes custom resources; every property is the handler's to understand."""

    properties = None

    def __init__(self, access: Callable[[Path], ClusterAccess] = RenderedOnly) -> None:
        """Prepare; `access` makes the way to clusters, given a folder for its programs."""
        self._functions = Functions()
        self._clusters = access(self._functions.folder("programs"))

    def close(self) -> None:
        """End the handlers that still run."""
        self._functions.close()

    def not_installed(self) -> list[NotInstalled]:
        """Return what Helm was asked for and could not be had."""
        return recorded(self._functions.folder(RECORDS))

    def create(self, place: Place, properties: Properties) -> Applied:
        """Ask the handler to create."""
        return self._request("Create", place, properties)

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Ask the handler to update; another physical id in its answer replaces the resource."""
        return self._request("Update", place, properties, current.physical_id, previous)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Ask the handler to delete."""
        if current.physical_id != CREATE_FAILED:
            self._request("Delete", place, properties, current.physical_id)

    def _request(
        self, type_: str, place: Place, properties: Properties, physical_id: str | None = None, previous: Properties | None = None
    ) -> Applied:
        event = {
            "RequestType": type_,
            "RequestId": str(uuid.uuid4()),
            "ResponseURL": "...",
            "ServiceToken": properties["ServiceToken"],
            "StackId": place.stack_id,
            "LogicalResourceId": place.logical_id,
            "ResourceType": place.resource_type,
            "ResourceProperties": as_text(properties),
            **({"PhysicalResourceId": physical_id} if physical_id else {}),
            **({"OldResourceProperties": as_text(previous)} if previous is not None else {}),
        }
        framework, configuration = _functions(place, properties["ServiceToken"])
        programs = self._clusters.programs(place, str(properties.get("ClusterName", "")))
        outcome = self._functions.invoke(place, configuration, event, programs)
        _write_log(place, configuration, outcome.log)
        if outcome.error:
            # The CDK CLI quotes the framework's log after a failure.
            _write_log(place, framework, f"[provider-framework] {type_} failed: {outcome.error}")
            raise ResourceFailedError(_refusal(outcome, configuration, event["RequestId"]), physical_id=physical_id or CREATE_FAILED)
        made: dict[str, Any] = outcome.answer
        return Applied(made.get("PhysicalResourceId") or physical_id or event["RequestId"], made.get("Data") or {})


def as_text(value: Any) -> Any:
    """Return properties as CloudFormation hands them to a custom resource: every scalar is text."""
    if isinstance(value, Mapping):
        return {key: as_text(item) for key, item in cast("Mapping[str, Any]", value).items() if item is not None}
    if isinstance(value, list):
        return [as_text(item) for item in cast("list[Any]", value)]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _functions(place: Place, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the configurations of the framework's function and of the one that does the work behind it."""
    lambda_ = place.client("lambda")
    try:
        framework = lambda_.get_function_configuration(FunctionName=token)
        variables = framework.get("Environment", {}).get("Variables", {})
        user = variables.get("USER_ON_EVENT_FUNCTION_ARN")
        if not user or "USER_IS_COMPLETE_FUNCTION_ARN" in variables:
            raise ResourceFailedError(
                f"the local AWS does not play the custom resource {place.resource_type}: {token} is not CDK's provider framework with one handler"
            )
        return framework, lambda_.get_function_configuration(FunctionName=user)
    except ClientError as error:
        raise ResourceFailedError(f"{place.resource_type}: its service token {token} leads to no function: {error}") from error


def _refusal(outcome: Outcome, configuration: dict[str, Any], request_id: str) -> str:
    """Return the reason as the framework words it and CloudFormation passes it on."""
    log_group = _log_group(configuration)
    reason = f"Error: {outcome.error}\n\nLogs: {log_group}\n"
    if len(reason.encode()) > _ANSWER_LIMIT - _ENVELOPE:
        # On AWS the answer is then refused whole (aws/aws-cdk#35299), and nobody reads what went wrong.
        reason = f"Error: {str(outcome.error)[: _ANSWER_LIMIT // 2]} ... (too long for CloudFormation, which would say: Response object is too long)\n\nLogs: {log_group}\n"
    return f"Received response status [FAILED] from custom resource. Message returned: {reason} (RequestId: {request_id})"


def _log_group(configuration: dict[str, Any]) -> str:
    return str(configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{configuration['FunctionName']}")


def _write_log(place: Place, configuration: dict[str, Any], text: str) -> None:
    """Put a handler's output where a person, and the CLI after a failure, look for it."""
    logs, group = place.client("logs"), _log_group(configuration)
    stream = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}"
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line} for line in text.splitlines() if line.strip()]
    if events:
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
