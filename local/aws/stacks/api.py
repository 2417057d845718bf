"""CloudFormation's query API: requests in, shapes out.

Separate because it is the only part that knows moto: moto reads the requests and writes the answers by botocore's service model.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from mlplatform.local.aws.resources.contract import client_of
from mlplatform.local.aws.stacks import requests
from mlplatform.local.aws.stacks.describe import (
    change_set_shape,
    change_set_summary,
    event_shape,
    exports_shape,
    resource_shape,
    stack_shape,
    summary_shape,
    template_shape,
)
from mlplatform.local.aws.stacks.errors import ValidationError
from mlplatform.local.aws.stacks.state import Region, Stack
from mlplatform.local.aws.stacks.template import parse
from mlplatform.local.aws.stacks.wish import Wish, template_of, wish_of

_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+?)\.s3[.-].*")


class StacksApi(BaseResponse):
    """One request to CloudFormation; `serve` returns the class that answers for given regions."""

    region_of: Callable[[str], Region]
    grace: float
    """Seconds that DescribeStacks waits for an operation to end: the CDK CLI asks again only after five."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    @property
    def _region(self) -> Region:
        return type(self).region_of(self.region)

    @property
    def _request(self) -> Mapping[str, Any]:
        return self._get_params()

    def create_stack(self) -> ActionResult:
        """Answer CreateStack."""
        stack = requests.create_stack(self._region, self._request["StackName"], self._wish())
        return ActionResult({"StackId": stack.id})

    def update_stack(self) -> ActionResult:
        """Answer UpdateStack."""
        stack = requests.update_stack(self._region, self._request["StackName"], self._wish())
        return ActionResult({"StackId": stack.id})

    def delete_stack(self) -> ActionResult:
        """Answer DeleteStack."""
        request = self._request
        requests.delete_stack(self._region, request["StackName"], request.get("RetainResources") or (), request.get("ClientRequestToken"))
        return EmptyResult()

    def rollback_stack(self) -> ActionResult:
        """Answer RollbackStack."""
        stack = requests.roll_back_stack(self._region, self._request["StackName"], token=self._request.get("ClientRequestToken"))
        return ActionResult({"StackId": stack.id})

    def continue_update_rollback(self) -> ActionResult:
        """Answer ContinueUpdateRollback."""
        request = self._request
        skip = request.get("ResourcesToSkip") or ()
        requests.roll_back_stack(self._region, request["StackName"], skip, again=True, token=request.get("ClientRequestToken"))
        return EmptyResult()

    def update_termination_protection(self) -> ActionResult:
        """Answer UpdateTerminationProtection."""
        stack = self._stack()
        stack.protected = bool(self._request["EnableTerminationProtection"])
        return ActionResult({"StackId": stack.id})

    def create_change_set(self) -> ActionResult:
        """Answer CreateChangeSet."""
        request = self._request
        change_set = requests.create_change_set(
            self._region,
            request["StackName"],
            request["ChangeSetName"],
            self._wish(),
            type_=request.get("ChangeSetType") or "UPDATE",
            description=request.get("Description"),
        )
        return ActionResult({"Id": change_set.id, "StackId": change_set.stack.id})

    def describe_change_set(self) -> ActionResult:
        """Answer DescribeChangeSet."""
        change_set = requests.find_change_set(self._region, self._request["ChangeSetName"], self._request.get("StackName"))
        return ActionResult(change_set_shape(change_set, with_values=bool(self._request.get("IncludePropertyValues"))))

    def list_change_sets(self) -> ActionResult:
        """Answer ListChangeSets."""
        return ActionResult({"Summaries": [change_set_summary(change_set) for change_set in self._stack().change_sets.values()]})

    def delete_change_set(self) -> ActionResult:
        """Answer DeleteChangeSet."""
        requests.delete_change_set(self._region, self._request["ChangeSetName"], self._request.get("StackName"))
        return EmptyResult()

    def execute_change_set(self) -> ActionResult:
        """Answer ExecuteChangeSet."""
        request = self._request
        requests.execute_change_set(
            self._region,
            request["ChangeSetName"],
            request.get("StackName"),
            disable_rollback=request.get("DisableRollback"),
            token=request.get("ClientRequestToken"),
        )
        return EmptyResult()

    def describe_stacks(self) -> ActionResult:
        """Answer DescribeStacks, for one stack when its operation is over or `grace` seconds later."""
        region = self._region
        if "StackName" not in self._request:
            return ActionResult({"Stacks": [stack_shape(stack) for stack in list(region.stacks.values())]})
        stack = self._stack()
        region.wait([stack], self.grace)
        # A deleted stack has no name any more: who asks by name hears that it does not exist.
        return ActionResult({"Stacks": [stack_shape(self._stack())]})

    def describe_stack_events(self) -> ActionResult:
        """Answer DescribeStackEvents, the newest first."""
        stack = self._stack()
        return ActionResult({"StackEvents": [event_shape(stack, event) for event in reversed(list(stack.events))]})

    def describe_stack_resource(self) -> ActionResult:
        """Answer DescribeStackResource."""
        stack, name = self._stack(), self._request["LogicalResourceId"]
        if name not in stack.resources:
            raise ValidationError(f"Resource {name} does not exist for stack {stack.name}")
        shape = resource_shape(stack, stack.resources[name])
        return ActionResult({"StackResourceDetail": {**shape, "Metadata": None}})

    def describe_stack_resources(self) -> ActionResult:
        """Answer DescribeStackResources."""
        stack, name = self._stack(), self._request.get("LogicalResourceId")
        return ActionResult({"StackResources": [shape for shape in self._resources(stack) if name in {None, shape["LogicalResourceId"]}]})

    def list_stack_resources(self) -> ActionResult:
        """Answer ListStackResources."""
        return ActionResult({"StackResourceSummaries": self._resources(self._stack())})

    def list_stacks(self) -> ActionResult:
        """Answer ListStacks, deleted ones among them."""
        stacks, states = [*self._region.stacks.values(), *self._region.deleted.values()], self._request.get("StackStatusFilter")
        return ActionResult({"StackSummaries": [summary_shape(stack) for stack in stacks if not states or stack.status in states]})

    def list_exports(self) -> ActionResult:
        """Answer ListExports."""
        return ActionResult({"Exports": exports_shape(self._region)})

    def list_imports(self) -> ActionResult:
        """Answer ListImports."""
        name = self._request["ExportName"]
        importers = self._region.importers(name)
        if not importers:
            raise ValidationError(f"Export '{name}' is not imported by any stack.")
        return ActionResult({"Imports": importers})

    def get_template(self) -> ActionResult:
        """Answer GetTemplate with the text as it was given."""
        name, stack_name = self._request.get("ChangeSetName"), self._request.get("StackName")
        template = requests.find_change_set(self._region, name, stack_name).template if name else self._stack().template
        return ActionResult({"TemplateBody": template.text, "StagesAvailable": ["Original", "Processed"]})

    def get_template_summary(self) -> ActionResult:
        """Answer GetTemplateSummary."""
        text = self._template()
        return ActionResult(template_shape(parse(text) if text is not None else self._stack().template))

    def validate_template(self) -> ActionResult:
        """Answer ValidateTemplate."""
        return ActionResult(template_shape(parse(self._template() or "")))

    def _stack(self) -> Stack:
        return self._region.find(self._request["StackName"])

    def _resources(self, stack: Stack) -> list[dict[str, Any]]:
        return [resource_shape(stack, made) for made in list(stack.resources.values())]

    def _wish(self) -> Wish:
        return wish_of(self._request, self._from_s3())

    def _template(self) -> str | None:
        return template_of(self._request, self._from_s3())

    def _from_s3(self) -> str | None:
        url = str(self._request.get("TemplateURL") or "")
        if not url:
            return None
        parts = urlsplit(url)
        host = _VIRTUAL_HOST.fullmatch(parts.hostname or "")
        bucket, _, key = (host["bucket"], "/", parts.path[1:]) if host else unquote(parts.path[1:]).partition("/")
        try:
            return str(
                client_of("s3", self._region.name, self._region.endpoint)
                .get_object(Bucket=bucket, Key=unquote(key))["Body"]
                .read()
                .decode()
            )
        except ClientError as error:
            raise ValidationError(f"S3 error: {error.response.get('Error', {}).get('Message', error)} ({url})") from error


def serve(region_of: Callable[[str], Region], grace: float) -> type[StacksApi]:
    """Return the class whose `dispatch` answers for the regions that `region_of` finds."""
    return type("ServedStacks", (StacksApi,), {"region_of": staticmethod(region_of), "grace": grace})
