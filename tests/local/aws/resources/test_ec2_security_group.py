"""Security groups and rules, as EC2 shows them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.making import Stack, as_map

ALL = {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1", "Description": "all"}


def shown(stack: Stack, group: str) -> dict[str, Any]:
    return stack.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]


def test_a_group_has_the_rules_of_its_template_alone(stack: Stack) -> None:
    stack.subnets(1)
    https = {"CidrIp": "10.0.0.0/16", "IpProtocol": "tcp", "FromPort": 443, "ToPort": "443", "Description": "in"}
    group = shown(stack, stack.group(SecurityGroupIngress=[https], SecurityGroupEgress=[{**https, "FromPort": 80, "ToPort": 80}]))
    (ingress,), (egress,) = group["IpPermissions"], group["IpPermissionsEgress"]
    assert (ingress["FromPort"], ingress["IpRanges"]) == (443, [{"CidrIp": "10.0.0.0/16", "Description": "in"}])
    assert egress["FromPort"] == 80
    assert as_map(group["Tags"])["aws:cloudformation:logical-id"] == "Group"


def test_a_group_without_egress_rules_keeps_the_one_that_allows_all(stack: Stack) -> None:
    stack.subnets(1)
    (egress,) = shown(stack, stack.group())["IpPermissionsEgress"]
    assert (egress["IpProtocol"], egress["IpRanges"][0]["CidrIp"]) == ("-1", "0.0.0.0/0")


def test_the_rules_of_a_group_change(stack: Stack) -> None:
    stack.subnets(1)
    rule = {"CidrIp": "10.0.0.0/16", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    group = stack.group(SecurityGroupIngress=[rule])
    stack.change(
        "Group", SecurityGroupIngress=[{**rule, "FromPort": 8443, "ToPort": 8443}], SecurityGroupEgress=[{**ALL, "CidrIp": "10.0.0.0/8"}]
    )
    after = shown(stack, group)
    assert [permission["FromPort"] for permission in after["IpPermissions"]] == [8443]
    assert [range_["CidrIp"] for permission in after["IpPermissionsEgress"] for range_ in permission["IpRanges"]] == ["10.0.0.0/8"]


def test_a_rule_between_two_groups_holds_both(stack: Stack) -> None:
    stack.subnets(1)
    database, client = stack.group("Database"), stack.group("Client")
    made = stack.make(
        "EC2::SecurityGroupIngress",
        "FromClient",
        GroupId=database,
        SourceSecurityGroupId=client,
        IpProtocol="tcp",
        FromPort="3306",
        ToPort=3306,
        Description="mysql",
    )
    (permission,) = shown(stack, database)["IpPermissions"]
    assert (permission["FromPort"], permission["UserIdGroupPairs"][0]["GroupId"]) == (3306, client)
    with pytest.raises(ClientError, match="has a dependent object"):
        stack.client("ec2").delete_security_group(GroupId=client)
    stack.change("FromClient", Description="mysql from pods")
    assert shown(stack, database)["IpPermissions"][0]["UserIdGroupPairs"][0]["Description"] == "mysql from pods"
    stack.remove("FromClient")
    stack.remove_again("EC2::SecurityGroupIngress", made, GroupId=database)
    assert shown(stack, database)["IpPermissions"] == []


def test_an_egress_rule_is_added_and_taken_away(stack: Stack) -> None:
    stack.subnets(1)
    group = stack.group(SecurityGroupEgress=[{**ALL, "CidrIp": "255.255.255.255/32"}])
    stack.make("EC2::SecurityGroupEgress", "Out", GroupId=group, CidrIp="10.0.0.0/16", IpProtocol="tcp", FromPort=443, ToPort=443)
    assert len(shown(stack, group)["IpPermissionsEgress"]) == 2
    stack.remove("Out")
    assert len(shown(stack, group)["IpPermissionsEgress"]) == 1


def test_a_rule_with_an_unknown_property_fails_with_its_name(stack: Stack) -> None:
    stack.subnets(1)
    with pytest.raises(ResourceFailedError, match="Surprise: the local AWS does not play this property of a rule"):
        stack.group(SecurityGroupIngress=[{**ALL, "Surprise": 1}])
