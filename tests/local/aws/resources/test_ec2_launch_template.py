"""Launch templates, whose every change is a version."""

import pytest

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.making import Stack, as_map

IMDSV2 = {"HttpTokens": "required", "HttpPutResponseHopLimit": "1"}
DISK = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": "100", "Encrypted": "true", "VolumeType": "gp3"}}


def named(value: str) -> list[dict[str, object]]:
    return [{"ResourceType": "launch-template", "Tags": [{"Key": "Name", "Value": value}]}]


def test_a_template_says_how_a_machine_starts(stack: Stack) -> None:
    data = {"MetadataOptions": IMDSV2, "BlockDeviceMappings": [DISK], "UserData": "eA=="}
    made = stack.make("EC2::LaunchTemplate", LaunchTemplateData=data, TagSpecifications=named("n"))
    assert (made.attributes["LatestVersionNumber"], made.attributes["DefaultVersionNumber"]) == ("1", "1")
    (version,) = stack.client("ec2").describe_launch_template_versions(LaunchTemplateId=made.physical_id)["LaunchTemplateVersions"]
    shown = version["LaunchTemplateData"]
    assert shown["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    assert shown["BlockDeviceMappings"][0]["Ebs"] == {"VolumeSize": 100, "Encrypted": True, "VolumeType": "gp3"}
    (template,) = stack.client("ec2").describe_launch_templates(LaunchTemplateIds=[made.physical_id])["LaunchTemplates"]
    assert as_map(template["Tags"]).items() >= {"Name": "n", "team": "ml"}.items()


def test_a_change_makes_a_version_and_leaves_the_default(stack: Stack) -> None:
    made = stack.make("EC2::LaunchTemplate", LaunchTemplateData={"MetadataOptions": IMDSV2}, TagSpecifications=named("n"))
    changed = stack.change(LaunchTemplateData={"MetadataOptions": {**IMDSV2, "HttpPutResponseHopLimit": 2}}, TagSpecifications=None)
    assert changed.attributes["LatestVersionNumber"] == "2"
    (template,) = stack.client("ec2").describe_launch_templates(LaunchTemplateIds=[made.physical_id])["LaunchTemplates"]
    assert (template["LatestVersionNumber"], template["DefaultVersionNumber"]) == (2, 1)
    assert "Name" not in as_map(template["Tags"])
    stack.remove()
    known = stack.client("ec2").describe_launch_templates()["LaunchTemplates"]
    assert made.physical_id not in [template["LaunchTemplateId"] for template in known]


def test_what_ec2_does_not_know_fails_with_its_path(stack: Stack) -> None:
    with pytest.raises(ResourceFailedError, match=r"LaunchTemplateData\.MetadataOptions\.Surprise: the local AWS does not play this"):
        stack.make("EC2::LaunchTemplate", LaunchTemplateData={"MetadataOptions": {"Surprise": 1}})
