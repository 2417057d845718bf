"""Security groups, with rules inside them and rules on their own.

Separate because a rule's form in a template is flat and in the API nested, for all four ways of writing one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError
from mlplatform.local.aws.resources.ec2.tagging import tag, tag_again
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, difference, physical_name, undone_on_failure

_PEERS = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
_PORTS = ("FromPort", "ToPort")
_RULE = {"Description", "IpProtocol", *_PEERS, *_PORTS}
_EVERYWHERE = {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}


class SecurityGroup:
    """A security group of a VPC; `Ref` is its id. A template's egress rules take the place of EC2's own one, which allows all."""

    properties = frozenset({"GroupDescription", "GroupName", "SecurityGroupEgress", "SecurityGroupIngress", "Tags", "VpcId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the group, then its rules."""
        ec2 = place.client("ec2")
        name = properties.get("GroupName") or physical_name(place, limit=255)
        vpc = {"VpcId": properties["VpcId"]} if "VpcId" in properties else {}
        group = ec2.create_security_group(GroupName=name, Description=properties["GroupDescription"], **vpc)["GroupId"]
        with undone_on_failure(lambda: ec2.delete_security_group(GroupId=group)):
            tag(place, group, properties)
            _give_rules(ec2, group, properties, {})
        return Applied(group, {"GroupId": group, "Id": group, **vpc})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the rules and the tags."""
        _give_rules(place.client("ec2"), current.physical_id, properties, previous)
        tag_again(place, current.physical_id, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the group, which nothing may wear or name any more."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_security_group(GroupId=current.physical_id)


class Rule:
    """A rule on its own, of one direction; `Ref` is the rule's id."""

    def __init__(self, direction: str) -> None:
        self._direction = direction
        peers = {"Source", "CidrIp"} if direction == "ingress" else {"Destination", "CidrIp"}
        self.properties = frozenset({"GroupId", *(key for key in _RULE if key not in _PEERS or key.startswith(tuple(peers)))})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Add the rule to its group."""
        authorize = getattr(place.client("ec2"), f"authorize_security_group_{self._direction}")
        made = authorize(GroupId=properties["GroupId"], IpPermissions=[_permission(properties)])
        rule = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return Applied(rule, {"Id": rule})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the description, the one thing that is not replaced."""
        if changed(properties, previous, "Description"):
            describe = getattr(place.client("ec2"), f"update_security_group_rule_descriptions_{self._direction}")
            description = {"SecurityGroupRuleId": current.physical_id, "Description": properties.get("Description", "")}
            describe(GroupId=properties["GroupId"], SecurityGroupRuleDescriptions=[description])
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the rule out of its group."""
        revoke = getattr(place.client("ec2"), f"revoke_security_group_{self._direction}")
        with absence_forgiven():
            revoke(GroupId=properties["GroupId"], SecurityGroupRuleIds=[current.physical_id])


def _give_rules(ec2: Any, group: str, properties: Properties, previous: Properties) -> None:
    for direction, name in (("ingress", "SecurityGroupIngress"), ("egress", "SecurityGroupEgress")):
        gained, lost = difference(_rules(properties, name), _rules(previous, name))
        if lost:
            _each(ec2, f"revoke_security_group_{direction}", group, lost)
        if gained:
            _each(ec2, f"authorize_security_group_{direction}", group, gained)


def _each(ec2: Any, method: str, group: str, rules: Sequence[Mapping[str, Any]]) -> None:
    getattr(ec2, method)(GroupId=group, IpPermissions=[_permission(rule) for rule in rules])


def _rules(properties: Properties, name: str) -> list[dict[str, Any]]:
    rules = properties.get(name)
    if rules is None:
        return [_EVERYWHERE] if name == "SecurityGroupEgress" else []
    return [dict(rule) for rule in rules]


def _permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(rule.keys() - _RULE - {"GroupId"})
    if unknown:
        raise ResourceFailedError(f"{unknown[0]}: the local AWS does not play this property of a rule; it plays {', '.join(sorted(_RULE))}")
    permission: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"]), **{port: int(rule[port]) for port in _PORTS if port in rule}}
    for key, (ranges, name) in _PEERS.items():
        if key in rule:
            description = {"Description": rule["Description"]} if "Description" in rule else {}
            permission[ranges] = [{name: rule[key], **description}]
    return permission
