"""State machines, build projects and file systems, as Step Functions, CodeBuild and EFS show them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.making import Stack, allowing, as_map, in_both_partitions

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${word}", "End": True}}}


def machine(stack: Stack, **properties: Any) -> str:
    role = stack.role("states.amazonaws.com").attributes["Arn"]
    return stack.make("StepFunctions::StateMachine", "Machine", RoleArn=role, **properties).physical_id


def definition(stack: Stack, arn: str) -> Any:
    return json.loads(stack.client("stepfunctions").describe_state_machine(stateMachineArn=arn)["definition"])


def result(word: str) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": word, "End": True}}}


@in_both_partitions
def test_a_definition_is_text_with_substitutions(stack: Stack) -> None:
    arn = machine(stack, StateMachineName=stack.name, DefinitionString=json.dumps(PASS), DefinitionSubstitutions={"word": "a"})
    assert arn == stack.arn("states", f"stateMachine:{stack.name}")
    assert definition(stack, arn) == result("a")
    stack.change("Machine", DefinitionSubstitutions={"word": "b"}, TracingConfiguration={"Enabled": "true"})
    assert definition(stack, arn) == result("b")
    assert stack.client("stepfunctions").describe_state_machine(stateMachineArn=arn)["tracingConfiguration"] == {"enabled": True}


def test_a_definition_is_an_object_or_an_object_in_a_bucket(stack: Stack) -> None:
    bucket = stack.make("S3::Bucket", "Bucket").physical_id
    s3 = stack.client("s3")
    s3.put_object(Bucket=bucket, Key="d.json", Body=json.dumps(result("stored")))
    arn = machine(stack, Definition=result("object"))
    assert definition(stack, arn) == result("object")
    stack.change("Machine", Definition=None, DefinitionS3Location={"Bucket": bucket, "Key": "d.json"})
    assert definition(stack, arn) == result("stored")
    s3.delete_object(Bucket=bucket, Key="d.json")


def test_a_machine_without_a_definition_fails_with_the_ways_to_give_one(stack: Stack) -> None:
    with pytest.raises(ResourceFailedError, match="one of Definition, DefinitionS3Location, DefinitionString is needed"):
        machine(stack)


def project(stack: Stack, **properties: Any) -> dict[str, Any]:
    role = properties.pop("ServiceRole", None) or stack.role("codebuild.amazonaws.com").attributes["Arn"]
    variables = [{"Name": "A", "Value": "b", "Type": "PLAINTEXT"}]
    image = {"ComputeType": "BUILD_GENERAL1_SMALL", "Image": "aws/codebuild/standard:7.0", "Type": "LINUX_CONTAINER"}
    given = {
        "Name": stack.name,
        "ServiceRole": role,
        "Artifacts": {"Type": "NO_ARTIFACTS"},
        "Environment": {**image, "PrivilegedMode": "true", "EnvironmentVariables": variables},
        "Source": {"Type": "NO_SOURCE", "BuildSpec": "version: 0.2"},
    }
    stack.make("CodeBuild::Project", "Project", **{**given, **properties})
    return described(stack)


def described(stack: Stack) -> dict[str, Any]:
    return stack.client("codebuild").batch_get_projects(names=[stack.name])["projects"][0]


@in_both_partitions
def test_a_project_is_kept_whole_and_changed(stack: Stack) -> None:
    found = project(stack, TimeoutInMinutes="30", EncryptionKey="alias/aws/s3", Description="d", Tags=[{"Key": "a", "Value": "b"}])
    assert (found["source"], found["timeoutInMinutes"]) == ({"type": "NO_SOURCE", "buildspec": "version: 0.2"}, 30)
    assert (found["environment"]["privilegedMode"], found["encryptionKey"]) == (True, "alias/aws/s3")
    assert (found["arn"], as_map(found["tags"])) == (stack.arn("codebuild", f"project/{stack.name}"), {"team": "ml", "a": "b"})
    stack.change("Project", TimeoutInMinutes=None, Description="e", Tags=None)
    found = described(stack)
    assert (found["timeoutInMinutes"], found["description"], as_map(found["tags"])) == (60, "e", {"team": "ml"})


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"Source": {"Type": "GITHUB"}}, "source location is required"),
        ({"Source": {"Type": "SVN"}}, "Invalid type provided: Project source type; one of BITBUCKET"),
        ({"ServiceRole": "arn:aws:iam::123456789012:role/none"}, "not authorized to perform: sts:AssumeRole"),
    ],
)
def test_a_project_needs_a_source_and_a_role(stack: Stack, properties: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words):
        project(stack, **properties)


def test_a_file_system_is_mounted_in_a_subnet(stack: Stack) -> None:
    (subnet,) = stack.subnets(1)
    policy = allowing("elasticfilesystem:ClientMount", Principal={"AWS": "*"})
    made = stack.make(
        "EFS::FileSystem",
        "Files",
        Encrypted="true",
        ThroughputMode="elastic",
        LifecyclePolicies=[{"TransitionToIA": "AFTER_30_DAYS"}],
        BackupPolicy={"Status": "ENABLED"},
        FileSystemPolicy=policy,
        FileSystemTags=[{"Key": "Name", "Value": "n"}],
    )
    efs, name = stack.client("efs"), made.physical_id
    (found,) = efs.describe_file_systems(FileSystemId=name)["FileSystems"]
    assert (found["Encrypted"], found["ThroughputMode"], as_map(found["Tags"])) == (True, "elastic", {"team": "ml", "Name": "n"})
    assert efs.describe_backup_policy(FileSystemId=name)["BackupPolicy"]["Status"] == "ENABLED"
    assert json.loads(efs.describe_file_system_policy(FileSystemId=name)["Policy"]) == policy
    first, other = stack.group("A"), stack.group("B")
    mount = stack.make("EFS::MountTarget", "Mount", FileSystemId=name, SubnetId=subnet, SecurityGroups=[first]).physical_id
    stack.change("Mount", SecurityGroups=[other])
    assert efs.describe_mount_target_security_groups(MountTargetId=mount)["SecurityGroups"] == [other]
    point = stack.make("EFS::AccessPoint", FileSystemId=name, PosixUser={"Uid": "1000", "Gid": 1000}, RootDirectory={"Path": "/x"})
    assert efs.describe_access_points(AccessPointId=point.physical_id)["AccessPoints"][0]["PosixUser"]["Uid"] == 1000
    stack.change("Files", ThroughputMode="bursting", BackupPolicy=None, LifecyclePolicies=None, FileSystemTags=None)
    (found,) = efs.describe_file_systems(FileSystemId=name)["FileSystems"]
    assert (found["ThroughputMode"], as_map(found["Tags"])) == ("bursting", {"team": "ml"})
    assert efs.describe_backup_policy(FileSystemId=name)["BackupPolicy"]["Status"] == "DISABLED"
    # The group that the mount target wore first may go before it, the one that it wears may not.
    stack.remove("A")
