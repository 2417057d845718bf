"""Stacks as the API shows them.

Separate so that what is shown is one place's business and the engine's data stays its own.
"""

from collections.abc import Iterable
from typing import Any

from mlplatform.local.aws.stacks.state import ChangeSet, Event, Made, Region, Stack
from mlplatform.local.aws.stacks.template import Template

Shape = dict[str, Any]


def stack_shape(stack: Stack) -> Shape:
    """Return a stack for DescribeStacks."""
    shape = {
        "StackId": stack.id,
        "StackName": stack.name,
        "ChangeSetId": stack.change_set_id,
        "Description": stack.template.description,
        "Parameters": [parameter.described(name) for name, parameter in stack.parameters.items()],
        "CreationTime": stack.created,
        "DeletionTime": stack.deleted,
        "LastUpdatedTime": stack.updated,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": stack.disable_rollback,
        "NotificationARNs": list(stack.notifications),
        "Capabilities": list(stack.capabilities),
        "Outputs": [
            {"OutputKey": output.key, "OutputValue": output.value, "Description": output.description, "ExportName": output.export}
            for output in stack.outputs
        ],
        "RoleARN": stack.role_arn,
        "Tags": _tags(stack.tags.items()),
        "EnableTerminationProtection": stack.protected,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }
    return {key: value for key, value in shape.items() if value is not None}


def summary_shape(stack: Stack) -> Shape:
    """Return a stack for ListStacks."""
    shape = stack_shape(stack)
    shape["TemplateDescription"] = shape.pop("Description", None)
    wanted = (
        "StackId",
        "StackName",
        "TemplateDescription",
        "CreationTime",
        "LastUpdatedTime",
        "DeletionTime",
        "StackStatus",
        "StackStatusReason",
        "DriftInformation",
    )
    return {key: shape[key] for key in wanted if shape.get(key) is not None}


def resource_shape(stack: Stack, made: Made) -> Shape:
    """Return a resource for DescribeStackResource, DescribeStackResources and ListStackResources, which call its time by three names."""
    return {
        "StackName": stack.name,
        "StackId": stack.id,
        "LogicalResourceId": made.declaration.logical_id,
        "PhysicalResourceId": made.applied.physical_id,
        "ResourceType": made.declaration.type,
        "Timestamp": made.updated,
        "LastUpdatedTimestamp": made.updated,
        "ResourceStatus": made.status,
        "ResourceStatusReason": made.reason,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def event_shape(stack: Stack, event: Event) -> Shape:
    """Return an event for DescribeStackEvents."""
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "EventId": event.id,
        "OperationId": event.operation_id,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "Timestamp": event.time,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason,
        "ClientRequestToken": event.token,
    }


def change_set_shape(change_set: ChangeSet, *, with_values: bool) -> Shape:
    """Return a change set for DescribeChangeSet; values only where the request asks for them."""
    hidden = set[str]() if with_values else {"BeforeContext", "AfterContext"}
    changes = [{key: value for key, value in change.items() if key not in hidden} for change in change_set.changes]
    return {
        **change_set_summary(change_set),
        "Parameters": [parameter.described(name) for name, parameter in change_set.parameters.items()],
        "NotificationARNs": list(change_set.notifications),
        "Capabilities": list(change_set.capabilities),
        "Tags": _tags(change_set.tags.items()),
        "Changes": [{"Type": "Resource", "ResourceChange": change} for change in changes],
    }


def change_set_summary(change_set: ChangeSet) -> Shape:
    """Return a change set for ListChangeSets."""
    return {
        "ChangeSetId": change_set.id,
        "ChangeSetName": change_set.name,
        "StackId": change_set.stack.id,
        "StackName": change_set.stack.name,
        "Description": change_set.description,
        "CreationTime": change_set.created,
        "Status": change_set.status,
        "StatusReason": change_set.reason,
        "ExecutionStatus": change_set.execution_status,
        "IncludeNestedStacks": False,
    }


def template_shape(template: Template) -> Shape:
    """Return what GetTemplateSummary and ValidateTemplate say of a template."""
    parameters = [
        {
            "ParameterKey": name,
            "DefaultValue": None if "Default" not in body else str(body["Default"]),
            "ParameterType": body.get("Type", "String"),
            "NoEcho": str(body.get("NoEcho", "false")).lower() == "true",
            "Description": body.get("Description"),
            "ParameterConstraints": {"AllowedValues": [str(value) for value in body.get("AllowedValues", ())]},
        }
        for name, body in template.parameters.items()
    ]
    capabilities = ["CAPABILITY_NAMED_IAM"] if template.uses_iam else []
    return {
        "Parameters": parameters,
        "Description": template.description,
        "Capabilities": capabilities,
        "ResourceTypes": sorted({resource.type for resource in template.resources.values()}),
    }


def exports_shape(region: Region) -> list[Shape]:
    """Return every export for ListExports."""
    return [
        {"ExportingStackId": stack.id, "Name": name, "Value": output.value} for name, (stack, output) in sorted(region.exports().items())
    ]


def _tags(tags: Iterable[tuple[str, str]]) -> list[Shape]:
    return [{"Key": key, "Value": value} for key, value in tags]
