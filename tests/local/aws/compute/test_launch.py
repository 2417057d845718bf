from .conftest import Aws, Launches, wait


def test_an_instance_has_what_its_launch_template_says(launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    assert [group["GroupId"] for group in instance["SecurityGroups"]] == [launches.group]
    assert instance["SubnetId"] == launches.subnets[0]
    assert instance["ImageId"] == launches.image
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["Monitoring"]["State"] == "enabled"
    associations = launches.ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"]
    assert [association["IamInstanceProfile"]["Arn"].split("/")[-1] for association in associations] == ["node"]


def test_an_instance_wears_its_groups_once(launches: Launches) -> None:
    (interface,) = launches.launched("g4dn.xlarge")["NetworkInterfaces"]
    assert [group["GroupId"] for group in interface["Groups"]] == [launches.group]


def test_an_instances_disk_is_the_one_asked_for(launches: Launches) -> None:
    (mapping,) = launches.launched("g4dn.xlarge")["BlockDeviceMappings"]
    assert mapping["DeviceName"] == "/dev/xvda"
    assert mapping["Ebs"]["DeleteOnTermination"] is True
    volume = launches.ec2.describe_volumes(VolumeIds=[mapping["Ebs"]["VolumeId"]])["Volumes"][0]
    assert {key: volume[key] for key in ("Size", "VolumeType", "Encrypted", "Iops", "Throughput")} == {
        "Size": 200,
        "VolumeType": "gp3",
        "Encrypted": True,
        "Iops": 6000,
        "Throughput": 500,
    }
    assert {"Key": "pool", "Value": "gpu"} in volume["Tags"]


def test_an_instance_carries_the_tags_of_its_fleet(launches: Launches) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in launches.launched("g4dn.xlarge")["Tags"]}
    assert tags["pool"] == "gpu"
    assert tags["aws:ec2:fleet-id"].startswith("fleet-")


def test_an_instance_is_named_as_in_its_region(launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    assert instance["PrivateDnsName"].endswith(".cn-north-1.compute.internal")
    assert instance["Placement"]["AvailabilityZone"] == "cn-north-1a"
    assert instance["Placement"]["AvailabilityZoneId"] == "cnn1-az1"


def test_an_on_demand_instance_has_no_spot_request(launches: Launches) -> None:
    assert "SpotInstanceRequestId" not in launches.launched("g4dn.xlarge")


def test_an_instance_outlives_its_launch_template(launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    launches.ec2.delete_launch_template(LaunchTemplateName="nodes")
    assert launches.instances()[0]["InstanceId"] == instance["InstanceId"]
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    wait(lambda: launches.instances()[0]["State"]["Name"] == "terminated")


def test_a_template_with_a_profile_that_does_not_exist_launches_nothing(aws: Aws, launches: Launches) -> None:
    iam = aws.client("iam")
    iam.remove_role_from_instance_profile(InstanceProfileName="node", RoleName="node")
    iam.delete_instance_profile(InstanceProfileName="node")
    (error, *_) = launches.fleet("g4dn.xlarge")["Errors"]
    assert error["ErrorCode"] == "InvalidParameterValue"
    assert "(node) for parameter iamInstanceProfile.name is invalid" in error["ErrorMessage"]
    assert launches.instances() == []


def test_run_instances_follows_the_template_as_a_fleet_does(launches: Launches) -> None:
    template = {"LaunchTemplateName": "nodes", "Version": "$Latest"}
    network = [{"DeviceIndex": 0, "SubnetId": launches.subnets[1], "Groups": [launches.group]}]
    launches.ec2.run_instances(LaunchTemplate=template, InstanceType="g4dn.xlarge", MinCount=1, MaxCount=1, NetworkInterfaces=network)
    (instance,) = launches.instances()
    assert instance["ImageId"] == launches.image
    assert instance["SubnetId"] == launches.subnets[1]
    assert [group["GroupId"] for group in instance["SecurityGroups"]] == [launches.group]
    assert [mapping["DeviceName"] for mapping in instance["BlockDeviceMappings"]] == ["/dev/xvda"]


def test_a_terminated_instance_leaves_neither_disk_nor_interface(launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    wait(lambda: launches.instances()[0]["State"]["Name"] == "terminated")
    assert launches.ec2.describe_volumes()["Volumes"] == []
    mine = {"Name": "subnet-id", "Values": launches.subnets}
    assert launches.ec2.describe_network_interfaces(Filters=[mine])["NetworkInterfaces"] == []


def test_instance_profiles_are_listed_by_their_path(aws: Aws) -> None:
    iam = aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="theirs")
    iam.create_instance_profile(InstanceProfileName="ours", Path="/karpenter/cn-north-1/")
    found = iam.list_instance_profiles(PathPrefix="/karpenter/")["InstanceProfiles"]
    assert [profile["InstanceProfileName"] for profile in found] == ["ours"]
