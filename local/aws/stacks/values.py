"""What a stack's template sees of the world: pseudo parameters, other stacks' exports, zones, SSM parameters, secrets.

Separate because these values come from the services around the engine, by the same calls that anybody could make.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import Applied, Place, client_of
from mlplatform.local.aws.stacks.errors import ValidationError
from mlplatform.local.aws.stacks.intrinsics import Scope
from mlplatform.local.aws.stacks.parameters import Parameter
from mlplatform.local.aws.stacks.state import Region, Stack
from mlplatform.local.aws.stacks.template import Declaration, Template

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_DYNAMIC = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")


class Surroundings:
    """The world around one stack."""

    def __init__(self, region: Region, stack: Stack) -> None:
        self._region = region
        self._stack = stack
        self.imports: set[str] = set()
        """The exports that were asked for."""

    def place(self, declaration: Declaration, tags: Mapping[str, str], previous_tags: Mapping[str, str] | None = None) -> Place:
        """Return where the declared resource is made."""
        region, stack = self._region, self._stack
        return Place(
            account=region.account,
            region=region.name,
            partition=region.partition,
            url_suffix=region.url_suffix,
            stack_name=stack.name,
            stack_id=stack.id,
            logical_id=declaration.logical_id,
            resource_type=declaration.type,
            endpoint=region.endpoint,
            tags=tags,
            previous_tags=previous_tags or {},
        )

    def scope(self, template: Template, parameters: Mapping[str, Parameter], resources: Mapping[str, Applied]) -> Scope:
        """Return what the template's intrinsics resolve against."""
        pseudo = {
            "AWS::AccountId": self._region.account,
            "AWS::NotificationARNs": list(self._stack.notifications),
            "AWS::Partition": self._region.partition,
            "AWS::Region": self._region.name,
            "AWS::StackId": self._stack.id,
            "AWS::StackName": self._stack.name,
            "AWS::URLSuffix": self._region.url_suffix,
        }
        values = {name: parameter.value for name, parameter in parameters.items()}
        return Scope(template, {**values, **pseudo}, resources, self._import, self._zones)

    def ssm_parameter(self, name: str) -> str:
        """Return the value of an SSM parameter that a template's parameter names."""
        try:
            return str(self._client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
        except ClientError:
            raise ValidationError(f"Unable to fetch parameters [{name}] from parameter store for this account.") from None

    def with_secrets(self, node: Any) -> Any:
        """Return resolved properties with their dynamic references replaced by what they name."""
        if isinstance(node, str):
            return _DYNAMIC.sub(lambda match: self._dynamic(match.group(1), match.group(2)), node)
        if isinstance(node, Mapping):
            return {key: self.with_secrets(value) for key, value in cast("Mapping[str, Any]", node).items()}
        if isinstance(node, list):
            return [self.with_secrets(item) for item in cast("list[Any]", node)]
        return node

    def _client(self, service: str) -> Any:
        return client_of(service, self._region.name, self._region.endpoint)

    def _import(self, export: str) -> str:
        with self._region.changed:
            found = self._region.exports().get(export)
            if found is None:
                raise ValidationError(f"No export named {export} found.")
            self.imports.add(export)
            return found[1].value

    def _zones(self, region: str) -> list[str]:
        if region != self._region.name:
            raise ValidationError(f"Template error: Fn::GetAZs of {region} from a stack in {self._region.name}")
        return sorted(zone["ZoneName"] for zone in self._client("ec2").describe_availability_zones()["AvailabilityZones"])

    def _dynamic(self, service: str, reference: str) -> str:
        if service == "secretsmanager":
            return self._secret(reference)
        name, _, version = reference.partition(":")
        selector = f"{name}:{version}" if version else name
        return str(self._client("ssm").get_parameter(Name=selector, WithDecryption=True)["Parameter"]["Value"])

    def _secret(self, reference: str) -> str:
        """Read `secret-id:SecretString:json-key:version-stage:version-id`, where the id may be an ARN and the rest is optional."""
        id_, _, rest = reference.partition(":SecretString")
        _, key, stage, version = (*rest.split(":"), "", "", "")[:4] if rest else ("", "", "", "")
        wanted = {"VersionStage": stage, "VersionId": version}
        text = str(self._client("secretsmanager").get_secret_value(SecretId=id_, **{k: v for k, v in wanted.items() if v})["SecretString"])
        if not key:
            return text
        members: dict[str, Any] = json.loads(text)
        if key not in members:
            raise ValidationError(f"Could not find a value associated with JSONKey in SecretString: {key} of {id_}")
        return str(members[key])
