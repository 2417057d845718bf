"""The roles of our templates against what their pods call, recorded by the local AWS."""

from functools import cache
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.local.iam import Decision, evaluate, location_of, policies_of_role, requests_from
from tests.local.iam.recorded import Recorded
from tests.stacks.synthesis import Template, templates

MARK = {"ebs.csi.aws.com/cluster": "true", "CSIVolumeName": "pvc-1"}
in_both_partitions = pytest.mark.parametrize("name", ["china-dev", "global-dev"])


def tagged(kind: str, tags: dict[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]


@cache
def cluster(name: str) -> Template:
    return templates(load(name))[f"{name}-cluster"]


def judged(recorded: Recorded, settings: Settings, role: str) -> list[Decision]:
    template = cluster(settings.name).body
    requests = requests_from(recorded.calls(), account=settings.account, role=role)
    return evaluate(requests, policies_of_role(template, role, location_of(settings)))


def denied(decisions: list[Decision]) -> list[str]:
    return [decision.request.action for decision in decisions if not decision.allowed]


@in_both_partitions
def test_the_ebs_driver_may_make_and_end_volumes_with_its_mark_and_no_others(recorded: Recorded, name: str) -> None:
    settings = load(name)
    here, role = location_of(settings), settings.names.role("ebs-csi")
    ec2 = recorded.worker(here, role)("ec2")
    zone = settings.place.zones[0]
    volume = ec2.create_volume(AvailabilityZone=zone, Size=1, TagSpecifications=tagged("volume", MARK))["VolumeId"]
    ec2.describe_volumes(VolumeIds=[volume])
    ec2.modify_volume(VolumeId=volume, Size=2)
    snapshot = ec2.create_snapshot(VolumeId=volume, TagSpecifications=tagged("snapshot", MARK))["SnapshotId"]
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.delete_volume(VolumeId=volume)
    assert denied(judged(recorded, settings, role)) == []

    foreign = recorded.administrator(here)("ec2").create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
    ec2.create_volume(AvailabilityZone=zone, Size=1, TagSpecifications=tagged("volume", {"CSIVolumeName": "pvc-1"}))
    ec2.delete_volume(VolumeId=foreign)
    assert denied(judged(recorded, settings, role)) == ["ec2:CreateVolume", "ec2:DeleteVolume"]


@in_both_partitions
def test_the_network_plugin_may_give_addresses_to_pods(recorded: Recorded, name: str) -> None:
    settings = load(name)
    here, role = location_of(settings), settings.names.role("vpc-cni")
    own = recorded.administrator(here)("ec2")
    vpc = own.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = own.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone=settings.place.zones[0])["Subnet"]["SubnetId"]
    ec2 = recorded.worker(here, role)("ec2")
    interface = ec2.create_network_interface(
        SubnetId=subnet, TagSpecifications=tagged("network-interface", {"cluster.k8s.amazonaws.com/name": name})
    )["NetworkInterface"]["NetworkInterfaceId"]
    ec2.assign_private_ip_addresses(NetworkInterfaceId=interface, SecondaryPrivateIpAddressCount=2)
    ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])
    ec2.create_tags(Resources=[interface], Tags=[{"Key": "node.k8s.amazonaws.com/instance_id", "Value": "i-0"}])
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    assert denied(judged(recorded, settings, role)) == []

    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "owner", "Value": "nobody"}])
    assert denied(judged(recorded, settings, role)) == ["ec2:CreateTags"]


def test_a_listing_is_judged_by_its_prefix(recorded: Recorded) -> None:
    settings = load("china-dev")
    here = location_of(settings)
    recorded.administrator(here)("s3").create_bucket(Bucket="listed", CreateBucketConfiguration={"LocationConstraint": here.region})
    worker = recorded.worker(here, "lister")("s3")
    worker.list_objects_v2(Bucket="listed", Prefix="team-a/")
    worker.list_objects_v2(Bucket="listed", Prefix="team-b/")
    condition = {"StringLike": {"s3:prefix": "team-a/*"}}
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws-cn:s3:::listed", "Condition": condition}]}
    role = {"RoleName": "lister", "Policies": [{"PolicyName": "list", "PolicyDocument": {"Version": "2012-10-17", **document}}]}
    template = {"Resources": {"Lister": {"Type": "AWS::IAM::Role", "Properties": role}}}
    requests = requests_from(recorded.calls(), account=settings.account, role="lister")
    decisions = evaluate(requests, policies_of_role(template, "lister", here))
    assert [decision.allowed for decision in decisions] == [True, False]
