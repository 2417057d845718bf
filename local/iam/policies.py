"""The policies attached to a role, out of synthesised templates.

Separate from evaluating them: what is checked is what would be deployed, resolved for the environment's partition, account and region.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.local.aws.resources.contract import Applied
from mlplatform.local.aws.stacks.errors import ValidationError
from mlplatform.local.aws.stacks.intrinsics import Scope, UnknownError
from mlplatform.local.aws.stacks.template import Declaration, Template, parse
from mlplatform.local.iam.location import Location
from mlplatform.local.iam.managed import managed_policy
from mlplatform.local.iam.model import Policy
from mlplatform.local.iam.shapes import SHAPES, Named


class UnresolvedError(Exception):
    """A role is not in the template, or a value in its policies is not known before it is deployed."""


def policies_of_role(
    template: Mapping[str, Any], role: str, here: Location, known: Mapping[str, Applied | str] | None = None
) -> list[Policy]:
    """Return the policies attached to a role in a template: inline, by `AWS::IAM::Policy` and managed ones.

    Args:
        template: A synthesised CloudFormation template.
        role: The role's name, or its logical id.
        here: Where it is deployed; pseudo parameters get their values from it.
        known: What cannot be told from the template: exports of other stacks and parameters by name (text), and resources by
            logical id (`Applied`), which then take the place of names made up from the template.

    Raises:
        UnresolvedError: There is no such role, or a value needs something that is not known; the message names it.
        UnknownPolicyError: It attaches an AWS managed policy that the partition has not.
    """
    return _Reader(parse(json.dumps(template)), here, known or {}).policies(role)


class _Reader:
    def __init__(self, template: Template, here: Location, known: Mapping[str, Applied | str]) -> None:
        self._template = template
        self._here = here
        self._texts = {name: value for name, value in known.items() if isinstance(value, str)}
        applied = {name: value for name, value in known.items() if isinstance(value, Applied)}
        types = {name: declared.type for name, declared in template.resources.items()}
        self._scope = Scope(
            template=template,
            parameters={**_defaults(template), **_pseudo(here), **self._texts},
            resources=Named(types, self._property, here, applied),
            import_value=self._imported,
            zones=_no_zones,
        )

    def policies(self, role: str) -> list[Policy]:
        logical_id, declared = self._role(role)
        return [
            *self._inline(logical_id, declared),
            *self._attached(logical_id, self._scope.ref(logical_id)),
            *self._managed(declared),
        ]

    def _role(self, role: str) -> tuple[str, Declaration]:
        roles = {name: declared for name, declared in self._template.resources.items() if declared.type == "AWS::IAM::Role"}
        for name, declared in roles.items():
            if role in (name, self._scope.ref(name)):
                return name, declared
        known = ", ".join(sorted(str(self._scope.ref(name)) for name in roles)) or "none"
        raise UnresolvedError(f"there is no role {role} in the template; it has {known}")

    def _inline(self, logical_id: str, declared: Declaration) -> Iterator[Policy]:
        for policy in self._resolved(logical_id, declared.properties.get("Policies", [])):
            yield Policy(policy["PolicyName"], _document(policy["PolicyDocument"]))

    def _attached(self, logical_id: str, name: str) -> Iterator[Policy]:
        """What other resources attach: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html ."""
        for other, declared in self._template.resources.items():
            properties = declared.properties
            if declared.type in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
                worn = [*self._resolved(other, properties.get("Roles", [])), self._resolved(other, properties.get("RoleName"))]
                if name in worn or logical_id in worn:
                    yield self._policy(other, declared)

    def _managed(self, declared: Declaration) -> Iterator[Policy]:
        own = {self._scope.ref(name): name for name, other in self._template.resources.items() if other.type == "AWS::IAM::ManagedPolicy"}
        for arn in self._resolved(declared.logical_id, declared.properties.get("ManagedPolicyArns", [])):
            if arn in own:
                yield self._policy(own[arn], self._template.resources[own[arn]])
            else:
                yield managed_policy(arn, self._here.partition)

    def _policy(self, logical_id: str, declared: Declaration) -> Policy:
        named = self._property(logical_id, "PolicyName") or self._property(logical_id, "ManagedPolicyName")
        return Policy(str(named or logical_id), _document(self._resolved(logical_id, declared.properties["PolicyDocument"])))

    def _property(self, logical_id: str, name: str) -> Any:
        value = self._template.resources[logical_id].properties.get(name)
        return None if value is None else self._resolved(logical_id, value)

    def _resolved(self, logical_id: str, value: Any) -> Any:
        try:
            return self._scope.resolve(value)
        except UnknownError as error:
            type_ = self._template.resources[str(error)].type
            raise UnresolvedError(
                f"{logical_id}: what {error} ({type_}) is called cannot be told; give it in `known`, or add the type to SHAPES ({', '.join(SHAPES)})"
            ) from None
        except ValidationError as error:
            raise UnresolvedError(f"{logical_id}: {error}") from None

    def _imported(self, name: str) -> str:
        if name not in self._texts:
            raise UnresolvedError(f"the export {name} of another stack is not known; give its value in `known`")
        return self._texts[name]


def _defaults(template: Template) -> dict[str, Any]:
    return {name: parameter["Default"] for name, parameter in template.parameters.items() if "Default" in parameter}


def _pseudo(here: Location) -> dict[str, str]:
    return {
        "AWS::AccountId": here.account,
        "AWS::Partition": here.partition.name,
        "AWS::Region": here.region,
        "AWS::URLSuffix": here.partition.url_suffix,
    }


def _no_zones(region: str) -> list[str]:
    raise UnresolvedError(f"zones of {region} have no place in a policy")


def _document(value: Any) -> Mapping[str, Any]:
    return json.loads(value) if isinstance(value, str) else value
