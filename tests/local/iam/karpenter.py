"""Karpenter as an example: what its controller calls to launch, keep and end a node, and the role that lets it.

The calls have the parameters that version 1.14.1 sends; the statements are those of its documentation, joined where their conditions are the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mlplatform.local.aws.call import Call
from mlplatform.local.iam import Location

CLUSTER = "china-dev"
ROLE = "karpenter"
NODE_ROLE = "karpenter-nodes"
PROFILE = "china-dev_4067990795380418201"
TEMPLATE = "karpenter.k8s.aws/1234567890"
INSTANCE = "i-0123456789abcdef0"

Tags = Mapping[str, str]


def owned(here: Location, cluster: str = CLUSTER) -> Tags:
    """The tags that Karpenter puts on everything."""
    del here
    return {
        f"kubernetes.io/cluster/{cluster}": "owned",
        "eks:eks-cluster-name": cluster,
        "karpenter.sh/nodepool": "gpu",
        "karpenter.k8s.aws/ec2nodeclass": "gpu",
    }


def profile_tags(here: Location, cluster: str = CLUSTER) -> Tags:
    return {
        f"kubernetes.io/cluster/{cluster}": "owned",
        "eks:eks-cluster-name": cluster,
        "topology.kubernetes.io/region": here.region,
        "karpenter.k8s.aws/ec2nodeclass": "gpu",
    }


def listed(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def specified(tags: Tags, *kinds: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": listed(tags)} for kind in kinds]


def call(here: Location, service: str, operation: str, parameters: Mapping[str, Any], tags: Mapping[str, Tags] | None = None) -> Call:
    return Call(
        time="2026-11-24T00:00:00+00:00",
        caller=f"arn:{here.partition.name}:sts::{here.account}:assumed-role/{ROLE}/session",
        service=service,
        operation=operation,
        region=here.region,
        parameters=parameters,
        resources=(),
        status=200,
        error=None,
        tags=tags or {},
    )


def setting_up(here: Location, cluster: str = CLUSTER) -> list[Call]:
    """An EC2NodeClass becomes ready: what it selects is found, and it gets an instance profile."""
    named = {"InstanceProfileName": PROFILE}
    tags = profile_tags(here, cluster)
    path = f"/karpenter/{here.region}/{cluster}/uid/"
    parameter = "/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/nvidia/recommended/image_id"
    return [
        call(here, "eks", "DescribeCluster", {"name": cluster}),
        *(call(here, "ec2", operation, {}) for operation in ("DescribeSubnets", "DescribeSecurityGroups", "DescribeImages")),
        *(call(here, "ec2", f"DescribeInstance{what}", {}) for what in ("Types", "TypeOfferings", "Status")),
        call(here, "ec2", "DescribeSpotPriceHistory", {}),
        replace(call(here, "pricing", "GetProducts", {"ServiceCode": "AmazonEC2"}), region=here.partition.pricing_region),
        call(here, "ssm", "GetParameter", {"Name": parameter}),
        call(here, "iam", "GetInstanceProfile", named),
        call(here, "iam", "CreateInstanceProfile", {**named, "Path": path, "Tags": listed(tags)}),
        call(here, "iam", "AddRoleToInstanceProfile", {**named, "RoleName": NODE_ROLE}, {PROFILE: tags}),
        call(here, "iam", "ListInstanceProfiles", {"PathPrefix": "/karpenter/"}),
        call(here, "sqs", "GetQueueUrl", {"QueueName": cluster}),
    ]


def launching(here: Location, cluster: str = CLUSTER, *, spot: bool = False) -> list[Call]:
    """A node is launched: a launch template, a dry run, then the fleet."""
    tags = owned(here, cluster)
    kinds = ("network-interface", "spot-instances-request") if spot else ("network-interface",)
    data = {
        "ImageId": "ami-0123456789abcdef0",
        "IamInstanceProfile": {"Name": PROFILE},
        "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["sg-0123456789abcdef0"]}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 100, "Encrypted": True}}],
        "TagSpecifications": specified(tags, *kinds),
    }
    template = {"LaunchTemplateName": TEMPLATE, "Version": "$Latest"}
    overrides = [{"InstanceType": "g4dn.xlarge", "SubnetId": f"subnet-{zone}" + "0" * 16} for zone in "ab"]
    return [
        call(
            here,
            "ec2",
            "CreateLaunchTemplate",
            {"LaunchTemplateName": TEMPLATE, "LaunchTemplateData": data, "TagSpecifications": specified(tags, "launch-template")},
        ),
        call(
            here,
            "ec2",
            "RunInstances",
            {
                "DryRun": True,
                "MaxCount": 1,
                "MinCount": 1,
                "LaunchTemplate": template,
                "InstanceType": "g4dn.xlarge",
                "TagSpecifications": specified(tags, "instance", "volume", "network-interface"),
            },
            {TEMPLATE: tags},
        ),
        call(
            here,
            "ec2",
            "CreateFleet",
            {
                "Type": "instant",
                "LaunchTemplateConfigs": [{"LaunchTemplateSpecification": template, "Overrides": overrides}],
                "TargetCapacitySpecification": {"DefaultTargetCapacityType": "spot" if spot else "on-demand", "TotalTargetCapacity": 1},
                "TagSpecifications": specified(tags, "instance", "volume", "fleet"),
            },
            {TEMPLATE: tags},
        ),
        call(here, "ec2", "DescribeInstances", {"InstanceIds": [INSTANCE]}),
        call(
            here,
            "ec2",
            "CreateTags",
            {
                "Resources": [INSTANCE],
                "Tags": listed({"Name": "node", "karpenter.sh/nodeclaim": "gpu-x", "eks:eks-cluster-name": cluster}),
            },
            {INSTANCE: tags},
        ),
    ]


def ending(here: Location, cluster: str = CLUSTER) -> list[Call]:
    """An interruption arrives, the node goes, and what was made for it."""
    tags = owned(here, cluster)
    queue = {"QueueUrl": f"https://sqs.{here.region}.{here.partition.url_suffix}/{here.account}/{cluster}"}
    named = {"InstanceProfileName": PROFILE}
    worn = {PROFILE: profile_tags(here, cluster)}
    return [
        call(here, "sqs", "ReceiveMessage", queue),
        call(here, "sqs", "DeleteMessage", {**queue, "ReceiptHandle": "handle"}),
        call(here, "ec2", "TerminateInstances", {"InstanceIds": [INSTANCE]}, {INSTANCE: tags}),
        call(here, "ec2", "DescribeLaunchTemplates", {}),
        call(here, "ec2", "DeleteLaunchTemplate", {"LaunchTemplateName": TEMPLATE}, {TEMPLATE: tags}),
        call(here, "iam", "RemoveRoleFromInstanceProfile", {**named, "RoleName": NODE_ROLE}, worn),
        call(here, "iam", "DeleteInstanceProfile", named, worn),
    ]


def a_nodes_life(here: Location, cluster: str = CLUSTER) -> list[Call]:
    return [*setting_up(here, cluster), *launching(here, cluster), *launching(here, cluster, spot=True), *ending(here, cluster)]


def template(*, of: str = CLUSTER, node_role: str = NODE_ROLE, without: str = "") -> dict[str, Any]:
    """The role of a cluster's controller as CDK synthesises it, one action taken out if wanted."""

    def arn(service: str, resource: str, region: str = "${AWS::Region}", account: str = "*") -> dict[str, str]:
        return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{region}:{account}:{resource}"}

    cluster, nodepool, nodeclass = f"kubernetes.io/cluster/{of}", "karpenter.sh/nodepool", "karpenter.k8s.aws/ec2nodeclass"
    own = {"StringEquals": {f"aws:ResourceTag/{cluster}": "owned"}, "StringLike": {f"aws:ResourceTag/{nodepool}": "*"}}
    asked = {
        "StringEquals": {f"aws:RequestTag/{cluster}": "owned", "aws:RequestTag/eks:eks-cluster-name": of},
        "StringLike": {f"aws:RequestTag/{nodepool}": "*"},
    }
    region = {"Ref": "AWS::Region"}
    own_profile = {
        "StringEquals": {f"aws:ResourceTag/{cluster}": "owned", "aws:ResourceTag/topology.kubernetes.io/region": region},
        "StringLike": {f"aws:ResourceTag/{nodeclass}": "*"},
    }
    asked_profile = {
        "StringEquals": {f"aws:RequestTag/{cluster}": "owned", "aws:RequestTag/topology.kubernetes.io/region": region},
        "StringLike": {f"aws:RequestTag/{nodeclass}": "*"},
    }
    made = [
        arn("ec2", f"{kind}/*")
        for kind in ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
    ]
    profiles = arn("iam", "instance-profile/*", "", "${AWS::AccountId}")
    launch = ["ec2:RunInstances", "ec2:CreateFleet"]
    describe = [f"ec2:Describe{what}" for what in ("Images", "Instances", "InstanceStatus", "InstanceTypeOfferings", "InstanceTypes")]
    describe += [f"ec2:Describe{what}" for what in ("LaunchTemplates", "SecurityGroups", "SpotPriceHistory", "Subnets")]
    statements = [
        _allow("Use", launch, [arn("ec2", "image/*", account=""), *(arn("ec2", f"{kind}/*") for kind in ("security-group", "subnet"))]),
        _allow("UseTemplate", launch, [arn("ec2", "launch-template/*")], own),
        _allow("Make", [*launch, "ec2:CreateLaunchTemplate"], made, asked),
        _allow("TagNew", ["ec2:CreateTags"], made, {**asked, "StringEqualsIfExists": {"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]}}),
        _allow(
            "TagOwn",
            ["ec2:CreateTags"],
            [arn("ec2", "instance/*")],
            {**own, "ForAllValues:StringEquals": {"aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]}},
        ),
        _allow("End", ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"], [arn("ec2", "instance/*"), arn("ec2", "launch-template/*")], own),
        _allow(
            "Pass",
            ["iam:PassRole"],
            [{"Fn::GetAtt": ["NodeRole", "Arn"]}],
            {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}},
        ),
        _allow("MakeProfile", ["iam:CreateInstanceProfile", "iam:TagInstanceProfile"], [profiles], asked_profile),
        _allow(
            "OwnProfile",
            ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
            [profiles],
            own_profile,
        ),
        _allow("SeeProfile", ["iam:GetInstanceProfile"], [profiles]),
        _allow("Cluster", ["eks:DescribeCluster"], [arn("eks", f"cluster/{of}", account="${AWS::AccountId}")]),
        _allow("Queue", ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [{"Fn::GetAtt": ["Queue", "Arn"]}]),
        _allow("See", describe, ["*"], {"StringEquals": {"aws:RequestedRegion": region}}),
        _allow("Parameters", ["ssm:GetParameter"], [arn("ssm", "parameter/aws/service/*", account="")]),
        _allow("Prices", ["pricing:GetProducts", "iam:ListInstanceProfiles"], ["*"]),
    ]  # fmt: skip
    for statement in statements:
        statement["Action"] = [action for action in statement["Action"] if action != without]
    return {
        "Resources": {
            "Controller": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": ROLE}},
            "NodeRole": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": node_role}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": of}},
            "Permissions": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "Roles": [{"Ref": "Controller"}],
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [entry for entry in statements if entry["Action"]]},
                },
            },
        }
    }


def _allow(sid: str, actions: list[str], resources: list[Any], conditions: Mapping[str, Any] | None = None) -> dict[str, Any]:
    condition = {"Condition": conditions} if conditions else {}
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **condition}
