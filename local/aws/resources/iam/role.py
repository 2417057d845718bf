"""`AWS::IAM::Role`: a role with its trust policy, its inline policies, and its managed policies really attached.

Separate because every pod, node and function of a platform wears one, and all of it can change in place.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.inputs import text_of
from mlplatform.local.aws.resources.lifetime import (
    absence_forgiven,
    changed,
    difference,
    pairs,
    physical_name,
    retag,
    tags_of,
    undone_on_failure,
)

_HOUR = 3600


class Role:
    """A role; `Ref` is its name. IAM refuses to delete one that still wears policies which somebody else gave it."""

    properties = frozenset(
        {
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        }
    )

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the role, then give it its policies."""
        iam = place.client("iam")
        name = properties.get("RoleName") or physical_name(place, limit=64)
        boundary = _boundary(iam, properties)
        role = iam.create_role(
            RoleName=name,
            Path=properties.get("Path", "/"),
            AssumeRolePolicyDocument=_trust(properties),
            Description=properties.get("Description", ""),
            MaxSessionDuration=_session(properties),
            Tags=pairs(tags_of(place, properties)),
            **({"PermissionsBoundary": boundary} if boundary else {}),
        )["Role"]
        applied = Applied(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            _give_policies(iam, name, properties, {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change trust, description, session, boundary, policies and tags in place."""
        iam, name = place.client("iam"), current.physical_id
        if changed(properties, previous, "AssumeRolePolicyDocument"):
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=_trust(properties))
        if changed(properties, previous, "Description", "MaxSessionDuration"):
            iam.update_role(RoleName=name, Description=properties.get("Description", ""), MaxSessionDuration=_session(properties))
        if changed(properties, previous, "PermissionsBoundary"):
            boundary = _boundary(iam, properties)
            if boundary:
                iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
            else:
                iam.delete_role_permissions_boundary(RoleName=name)
        _give_policies(iam, name, properties, previous)
        retag(
            place,
            properties,
            previous,
            add=lambda tags: iam.tag_role(RoleName=name, Tags=pairs(tags)),
            remove=lambda keys: iam.untag_role(RoleName=name, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the policies that the template gave, then remove the role."""
        iam = place.client("iam")
        _give_policies(iam, current.physical_id, {}, properties)
        with absence_forgiven():
            iam.delete_role(RoleName=current.physical_id)


def _trust(properties: Properties) -> str:
    # An OIDC issuer is a condition KEY, which only Fn::Sub over JSON text can make: the document may arrive as text.
    return text_of(properties["AssumeRolePolicyDocument"], "AssumeRolePolicyDocument")


def _session(properties: Properties) -> int:
    return int(properties.get("MaxSessionDuration", _HOUR))


def _boundary(iam: Any, properties: Properties) -> str | None:
    boundary = properties.get("PermissionsBoundary")
    if boundary:
        iam.get_policy(PolicyArn=boundary)  # moto takes any ARN, IAM only a policy that exists
    return boundary


def _inline(properties: Properties) -> dict[str, str]:
    return {policy["PolicyName"]: text_of(policy["PolicyDocument"]) for policy in properties.get("Policies") or ()}


def _give_policies(iam: Any, name: str, properties: Properties, previous: Properties) -> None:
    gained, lost = difference(properties.get("ManagedPolicyArns"), previous.get("ManagedPolicyArns"))
    for arn in gained:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    for arn in lost:
        with absence_forgiven():
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    wanted, before = _inline(properties), _inline(previous)
    for policy, document in wanted.items():
        if before.get(policy) != document:
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
    for policy in before.keys() - wanted.keys():
        with absence_forgiven():
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
