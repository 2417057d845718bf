"""`AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`: permissions that roles, users and groups are given.

Separate from roles because one policy may belong to many of them, and changes with its own life.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError
from mlplatform.local.aws.resources.inputs import text_of
from mlplatform.local.aws.resources.lifetime import (
    absence_forgiven,
    changed,
    difference,
    physical_name,
    undone_on_failure,
)

_HOLDERS = {"Roles": "role", "Users": "user", "Groups": "group"}
_VERSIONS = 5
"""How many versions IAM keeps: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html."""


class Policy:
    """An inline policy in each role, user and group that it names; `Ref` is the policy's name."""

    properties = frozenset({"Groups", "PolicyDocument", "PolicyName", "Roles", "Users"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the policy into all its holders."""
        if not any(properties.get(holders) for holders in _HOLDERS):
            raise ResourceFailedError("At least one of [Groups,Roles,Users] must be non-empty.")
        applied = Applied(properties["PolicyName"], {"Id": properties["PolicyName"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            _put(place.client("iam"), properties, {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the new document into the new holders, and remove it from those that left or under its old name."""
        del current
        _put(place.client("iam"), properties, previous)
        return Applied(properties["PolicyName"], {"Id": properties["PolicyName"]})

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the policy from its holders."""
        iam = place.client("iam")
        for holder, name in _held(properties):
            _inline(iam, "delete", holder, name, PolicyName=current.physical_id)


class ManagedPolicy:
    """A customer's managed policy, attached where the template says; `Ref` is its ARN."""

    properties = frozenset({"Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the policy and attach it."""
        iam = place.client("iam")
        policy = iam.create_policy(
            PolicyName=properties.get("ManagedPolicyName") or physical_name(place, limit=128),
            Path=properties.get("Path", "/"),
            Description=properties.get("Description", ""),
            PolicyDocument=text_of(properties["PolicyDocument"]),
        )["Policy"]
        arn = policy["Arn"]
        applied = Applied(arn, {"PolicyArn": arn, "PolicyId": policy["PolicyId"], "DefaultVersionId": policy["DefaultVersionId"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            for holder, name in _held(properties):
                _attachment(iam, "attach", holder, name, arn)
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Make the new document the default version, and move the attachments."""
        iam, arn = place.client("iam"), current.physical_id
        attributes = dict(current.attributes)
        if changed(properties, previous, "PolicyDocument"):
            versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
            if len(versions) == _VERSIONS:
                oldest = min((v for v in versions if not v["IsDefaultVersion"]), key=lambda v: int(v["VersionId"][1:]))
                iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
            document = text_of(properties["PolicyDocument"])
            version = iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)["PolicyVersion"]
            attributes["DefaultVersionId"] = version["VersionId"]
        gained, lost = difference(_held(properties), _held(previous))
        for holder, name in gained:
            _attachment(iam, "attach", holder, name, arn)
        for holder, name in lost:
            _attachment(iam, "detach", holder, name, arn)
        return Applied(arn, attributes)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Detach the policy, remove its older versions, then itself."""
        iam, arn = place.client("iam"), current.physical_id
        for holder, name in _held(properties):
            _attachment(iam, "detach", holder, name, arn)
        with absence_forgiven():
            for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
                if not version["IsDefaultVersion"]:
                    iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
            iam.delete_policy(PolicyArn=arn)


def _held(properties: Properties) -> list[tuple[str, str]]:
    return [(holder, name) for key, holder in _HOLDERS.items() for name in properties.get(key) or ()]


def _put(iam: Any, properties: Properties, previous: Properties) -> None:
    document = text_of(properties["PolicyDocument"])
    for holder, name in _held(properties):
        _inline(iam, "put", holder, name, PolicyName=properties["PolicyName"], PolicyDocument=document)
    renamed = changed(properties, previous, "PolicyName")
    for holder, name in _held(previous):
        if renamed or (holder, name) not in _held(properties):
            _inline(iam, "delete", holder, name, PolicyName=previous["PolicyName"])


def _inline(iam: Any, verb: str, holder: str, name: str, **arguments: str) -> None:
    call = getattr(iam, f"{verb}_{holder}_policy")
    if verb == "put":
        call(**{f"{holder.title()}Name": name}, **arguments)
    else:
        with absence_forgiven():
            call(**{f"{holder.title()}Name": name}, **arguments)


def _attachment(iam: Any, verb: str, holder: str, name: str, arn: str) -> None:
    call = getattr(iam, f"{verb}_{holder}_policy")
    if verb == "attach":
        call(**{f"{holder.title()}Name": name}, PolicyArn=arn)
    else:
        with absence_forgiven():
            call(**{f"{holder.title()}Name": name}, PolicyArn=arn)
