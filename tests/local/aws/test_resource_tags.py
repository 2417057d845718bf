"""The tags that the record of calls keeps of the resources that a call names."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from mlplatform.local.aws.resource_tags import tags_named

REGION = "cn-north-1"
TRUST = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
)


@pytest.fixture
def session() -> Iterator[Any]:
    with mock_aws():
        yield boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 - no secret


def test_a_volume_is_found_by_its_id_and_a_launch_template_by_its_name(session: Any) -> None:
    ec2 = session.client("ec2")
    specification = [{"ResourceType": "volume", "Tags": [{"Key": "owner", "Value": "blue"}]}]
    volume = ec2.create_volume(AvailabilityZone="cn-north-1a", Size=1, TagSpecifications=specification)["VolumeId"]
    ec2.create_launch_template(
        LaunchTemplateName="nodes",
        LaunchTemplateData={"ImageId": "ami-00000000"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "pool", "Value": "gpu"}]}],
    )
    parameters = {"VolumeId": volume, "Nested": [{"LaunchTemplateSpecification": {"LaunchTemplateName": "nodes"}}], "Other": "vol-00000000"}
    assert tags_named("ec2", REGION, parameters) == {volume: {"owner": "blue"}, "nodes": {"pool": "gpu"}}


def test_an_instance_profile_and_a_role_are_found_by_their_names(session: Any) -> None:
    iam = session.client("iam")
    iam.create_instance_profile(InstanceProfileName="profile", Tags=[{"Key": "team", "Value": "red"}])
    iam.create_role(RoleName="role", AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "team", "Value": "green"}])
    named = {"InstanceProfileName": "profile", "RoleName": "role"}
    assert tags_named("iam", REGION, named) == {"profile": {"team": "red"}, "role": {"team": "green"}}


def test_what_is_not_there_and_services_that_are_not_asked_have_none(session: Any) -> None:
    assert session.region_name == REGION
    assert tags_named("iam", REGION, {"InstanceProfileName": "absent"}) == {}
    assert tags_named("sqs", REGION, {"QueueUrl": "i-00000000"}) == {}
