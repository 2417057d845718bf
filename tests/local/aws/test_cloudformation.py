"""CloudFormation over its own API, with resources that are really made in moto's services."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ClientOf = Callable[..., Any]


def parameter(name: str, value: str = "v", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": name, "Value": value}, **more}


def template(**resources: Any) -> str:
    return json.dumps({"Resources": resources})


def deploy(client: ClientOf, name: str, text: str, **more: Any) -> dict[str, Any]:
    """Create or update a stack as the CDK CLI does, through a change set; return the stack when it is at rest."""
    cloudformation = client("cloudformation")
    exists = any(stack["StackName"] == name for stack in cloudformation.describe_stacks()["Stacks"])
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="c",
        ChangeSetType="UPDATE" if exists else "CREATE",
        TemplateBody=text,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        **more,
    )
    cloudformation.execute_change_set(StackName=name, ChangeSetName="c")
    cloudformation.delete_change_set(StackName=name, ChangeSetName="c")
    return rest(client, name)


def rest(client: ClientOf, name: str) -> dict[str, Any]:
    while True:
        stack: dict[str, Any] = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack


def test_a_stack_is_created_updated_and_deleted_with_what_it_holds(client: ClientOf, name: str) -> None:
    ssm = client("ssm")
    assert deploy(client, name, template(A=parameter(f"/{name}/a", "1")))["StackStatus"] == "CREATE_COMPLETE"
    assert ssm.get_parameter(Name=f"/{name}/a")["Parameter"]["Value"] == "1"

    assert deploy(client, name, template(A=parameter(f"/{name}/a", "2")))["StackStatus"] == "UPDATE_COMPLETE"
    assert ssm.get_parameter(Name=f"/{name}/a")["Parameter"]["Value"] == "2"

    id_ = rest(client, name)["StackId"]
    client("cloudformation").delete_stack(StackName=name)
    assert rest(client, id_)["StackStatus"] == "DELETE_COMPLETE"
    assert ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [f"/{name}/a"]}])["Parameters"] == []
    with pytest.raises(ClientError, match=f"Stack with id {name} does not exist"):
        client("cloudformation").describe_stacks(StackName=name)


def test_a_failed_update_restores_what_was(client: ClientOf, name: str) -> None:
    deploy(client, name, template(A=parameter(f"/{name}/a", "1")))
    client("ssm").put_parameter(Name=f"/{name}/taken", Value="x", Type="String")

    broken = template(A=parameter(f"/{name}/a", "2"), B=parameter(f"/{name}/taken", DependsOn="A"))
    stack = deploy(client, name, broken)

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert client("ssm").get_parameter(Name=f"/{name}/a")["Parameter"]["Value"] == "1"
    events = client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    reason = next(event["ResourceStatusReason"] for event in events if event["ResourceStatus"] == "CREATE_FAILED")
    assert "ParameterAlreadyExists" in reason


@pytest.mark.parametrize(
    ("region", "partition", "suffix"), [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-west-2", "aws", "amazonaws.com")]
)
def test_each_region_has_the_arns_suffix_and_zones_of_its_partition(
    client: ClientOf, name: str, region: str, partition: str, suffix: str
) -> None:
    text = json.dumps(
        {
            "Resources": {"A": parameter(f"/{name}/a")},
            "Outputs": {
                "Suffix": {"Value": {"Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix} ${AWS::AccountId}"}},
                "Zones": {"Value": {"Fn::Join": [",", {"Fn::GetAZs": ""}]}},
            },
        }
    )
    client("cloudformation", region).create_stack(StackName=name, TemplateBody=text)

    stack = client("cloudformation", region).describe_stacks(StackName=name)["Stacks"][0]

    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    zones = {"cn-north-1": "abd", "us-west-2": "abcd"}[region]
    assert outputs == {"Suffix": f"{partition} {suffix} 123456789012", "Zones": ",".join(f"{region}{letter}" for letter in zones)}
    assert stack["StackId"].startswith(f"arn:{partition}:cloudformation:{region}:123456789012:stack/{name}/")


def test_a_template_is_given_back_as_it_was_given(client: ClientOf, name: str) -> None:
    text = f"Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: {{Type: String, Name: /{name}/a, Value: !Ref AWS::Region}}\n"
    deploy(client, name, text)

    assert client("cloudformation").get_template(StackName=name)["TemplateBody"] == text


def test_a_template_is_read_from_s3_by_either_style_of_url(client: ClientOf, name: str) -> None:
    s3, cloudformation = client("s3"), client("cloudformation")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    s3.put_object(Bucket=name, Key="a/t.json", Body=template(A=parameter("/x")))

    for url in (f"https://s3.cn-north-1.amazonaws.com.cn/{name}/a/t.json", f"https://{name}.s3.cn-north-1.amazonaws.com.cn/a/t.json"):
        assert cloudformation.get_template_summary(TemplateURL=url)["ResourceTypes"] == ["AWS::SSM::Parameter"]
    with pytest.raises(ClientError, match=r"S3 error: .*https://s3\.cn-north-1\.amazonaws\.com\.cn/" + name + "/none"):
        cloudformation.get_template_summary(TemplateURL=f"https://s3.cn-north-1.amazonaws.com.cn/{name}/none")


def test_resources_are_described_with_their_physical_ids(client: ClientOf, name: str) -> None:
    deploy(client, name, template(A=parameter(f"/{name}/a")))
    cloudformation = client("cloudformation")

    listed = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
    one = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="A")["StackResourceDetail"]
    several = cloudformation.describe_stack_resources(StackName=name)["StackResources"]

    assert [item["PhysicalResourceId"] for item in (*listed, one, *several)] == [f"/{name}/a"] * 3
    assert {item["ResourceStatus"] for item in (*listed, one, *several)} == {"CREATE_COMPLETE"}


def test_parameters_of_ssm_are_looked_up_and_keep_their_names(client: ClientOf, name: str) -> None:
    client("ssm").put_parameter(Name=f"/{name}/version", Value="33", Type="String")
    text = json.dumps(
        {
            "Parameters": {"Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": f"/{name}/version"}},
            "Resources": {"A": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Version"}}}},
        }
    )
    deploy(client, name, text)
    client("ssm").put_parameter(Name=f"/{name}/version", Value="34", Type="String", Overwrite=True)

    stack = deploy(client, name, text, Parameters=[{"ParameterKey": "Version", "UsePreviousValue": True}])

    assert stack["Parameters"] == [{"ParameterKey": "Version", "ParameterValue": f"/{name}/version", "ResolvedValue": "34"}]
    physical = client("cloudformation").describe_stack_resource(StackName=name, LogicalResourceId="A")["StackResourceDetail"][
        "PhysicalResourceId"
    ]
    assert client("ssm").get_parameter(Name=physical)["Parameter"]["Value"] == "34"


def test_secrets_are_resolved_for_the_service_and_kept_out_of_the_stack(client: ClientOf, name: str) -> None:
    client("secretsmanager").create_secret(Name=name, SecretString=json.dumps({"password": "xyzzy-1"}))
    client("ssm").put_parameter(Name=f"/{name}/plain", Value="p", Type="String")
    value = f"{{{{resolve:secretsmanager:{name}:SecretString:password::}}}}/{{{{resolve:ssm:/{name}/plain:1}}}}"
    deploy(client, name, template(A=parameter(f"/{name}/a", value)))
    assert client("ssm").get_parameter(Name=f"/{name}/a")["Parameter"]["Value"] == "xyzzy-1/p"

    client("cloudformation").create_change_set(
        StackName=name, ChangeSetName="d", TemplateBody=template(A=parameter(f"/{name}/a", "now plain"))
    )
    shown = client("cloudformation").describe_change_set(StackName=name, ChangeSetName="d", IncludePropertyValues=True)["Changes"]

    assert "resolve:secretsmanager" in shown[0]["ResourceChange"]["BeforeContext"]
    assert "xyzzy" not in json.dumps(shown)


def test_protection_and_capabilities_are_asked_for(client: ClientOf, name: str) -> None:
    cloudformation = client("cloudformation")
    policy: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": policy}}
    with pytest.raises(ClientError, match=r"InsufficientCapabilities.*CAPABILITY_NAMED_IAM"):
        cloudformation.create_stack(StackName=name, TemplateBody=template(R=role))

    deploy(client, name, template(A=parameter(f"/{name}/a")))
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        cloudformation.delete_stack(StackName=name)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"StackPolicyBody": "{}"}, "the local AWS does not play StackPolicyBody in a request for a stack"),
        ({"TimeoutInMinutes": 5}, "the local AWS does not play TimeoutInMinutes in a request for a stack"),
        ({"TemplateBody": template(A=parameter("/x", "v" * 51_200))}, "Member must have length less than or equal to 51200"),
    ],
)
def test_a_request_that_would_be_half_obeyed_is_refused(client: ClientOf, name: str, more: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ClientError, match=complaint):
        client("cloudformation").create_stack(**{"StackName": name, "TemplateBody": template(A=parameter("/x")), **more})


def test_an_absent_change_set_is_answered_with_the_code_that_the_cli_waits_for(client: ClientOf, name: str) -> None:
    cloudformation = client("cloudformation")
    with pytest.raises(cloudformation.exceptions.ChangeSetNotFoundException):
        cloudformation.describe_change_set(StackName=name, ChangeSetName="c")


def test_an_operation_that_is_not_played_is_named(client: ClientOf) -> None:
    with pytest.raises(ClientError, match="the local AWS does not play ListStackSets of cloudformation"):
        client("cloudformation").list_stack_sets()
    with pytest.raises(ClientError, match="the local AWS does not play ListWorkspaces of grafana"):
        client("grafana").list_workspaces()


def test_cloudtrail_has_nothing_to_tell(client: ClientOf) -> None:
    assert client("cloudtrail").lookup_events()["Events"] == []


def test_a_bucket_that_demands_tls_still_takes_objects_here(client: ClientOf, name: str) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    everything = {"Principal": "*", "Action": "s3:*", "Resource": f"arn:aws-cn:s3:::{name}/*", "Effect": "Deny"}
    tls = {"Version": "2012-10-17", "Statement": [{**everything, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(tls))
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    assert json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]) == tls

    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everything]}))
    with pytest.raises(ClientError, match=r"403|AccessDenied|Forbidden"):
        s3.put_object(Bucket=name, Key="k", Body=b"x")


def test_access_logs_do_not_come_within_minutes(client: ClientOf, name: str) -> None:
    s3, logs = client("s3"), f"{name}-logs"
    for bucket in (name, logs):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    delivery = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws-cn:s3:::{logs}/*",
    }
    s3.put_bucket_policy(Bucket=logs, Policy=json.dumps({"Version": "2012-10-17", "Statement": [delivery]}))
    s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "x/"}})

    s3.put_object(Bucket=name, Key="k", Body=b"x")

    assert s3.list_objects_v2(Bucket=logs)["KeyCount"] == 0
