"""What the storage drivers' controllers may do.

Separate because AWS's managed policies for them are not known to exist in China; upstream documents what the drivers call.
"""

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

_EBS_MARK = "ebs.csi.aws.com/cluster"
_EFS_MARK = "efs.csi.aws.com/cluster"


def ebs_statements(scope: Construct) -> list[iam.PolicyStatement]:
    """Return what the EBS driver needs for volumes and snapshots of its own making, which it tags.

    https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/example-iam-policy.json
    """
    volumes, snapshots, instances = (_ec2(scope, resource) for resource in ("volume", "snapshot", "instance"))
    asked = {"StringEquals": {f"aws:RequestTag/{_EBS_MARK}": "true"}}
    own = {"StringEquals": {f"aws:ResourceTag/{_EBS_MARK}": "true"}}
    return [
        iam.PolicyStatement(
            sid="See",
            actions=[
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeSnapshots",
                "ec2:DescribeTags",
                "ec2:DescribeVolumes",
                "ec2:DescribeVolumesModifications",
                "ec2:DescribeVolumeStatus",
            ],
            resources=["*"],
        ),
        iam.PolicyStatement(sid="Make", actions=["ec2:CreateVolume"], resources=[volumes], conditions=asked),
        iam.PolicyStatement(sid="MakeSnapshot", actions=["ec2:CreateSnapshot"], resources=[snapshots], conditions=asked),
        iam.PolicyStatement(sid="FromSnapshot", actions=["ec2:CreateVolume"], resources=[snapshots]),
        iam.PolicyStatement(
            sid="Mark",
            actions=["ec2:CreateTags"],
            resources=[volumes, snapshots],
            conditions={"StringEquals": {"ec2:CreateAction": ["CreateVolume", "CreateSnapshot"]}},
        ),
        iam.PolicyStatement(
            sid="ChangeOwn",
            actions=[
                "ec2:AttachVolume",
                "ec2:DetachVolume",
                "ec2:ModifyVolume",
                "ec2:CreateSnapshot",
                "ec2:DeleteVolume",
                "ec2:DeleteTags",
            ],
            resources=[volumes],
            conditions=own,
        ),
        iam.PolicyStatement(
            sid="ChangeOwnSnapshots", actions=["ec2:DeleteSnapshot", "ec2:DeleteTags"], resources=[snapshots], conditions=own
        ),
        iam.PolicyStatement(sid="Attach", actions=["ec2:AttachVolume", "ec2:DetachVolume"], resources=[instances]),
    ]


def efs_statements(scope: Construct) -> list[iam.PolicyStatement]:
    """Return what the EFS driver needs for access points of its own making, which it tags.

    https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/iam-policy-example.json
    """
    files, points = (
        Stack.of(scope).format_arn(service="elasticfilesystem", resource=resource, resource_name="*")
        for resource in ("file-system", "access-point")
    )
    return [
        iam.PolicyStatement(
            sid="See",
            actions=[
                "elasticfilesystem:DescribeAccessPoints",
                "elasticfilesystem:DescribeFileSystems",
                "elasticfilesystem:DescribeMountTargets",
                "ec2:DescribeAvailabilityZones",
            ],
            resources=["*"],
        ),
        iam.PolicyStatement(
            sid="Make",
            actions=["elasticfilesystem:CreateAccessPoint", "elasticfilesystem:TagResource"],
            resources=[files, points],
            conditions={"StringEquals": {f"aws:RequestTag/{_EFS_MARK}": "true"}},
        ),
        iam.PolicyStatement(
            sid="DeleteOwn",
            actions=["elasticfilesystem:DeleteAccessPoint"],
            resources=[points],
            conditions={"StringEquals": {f"aws:ResourceTag/{_EFS_MARK}": "true"}},
        ),
    ]


def _ec2(scope: Construct, resource: str) -> str:
    # A snapshot's ARN has no account.
    account = "" if resource == "snapshot" else Aws.ACCOUNT_ID
    return Stack.of(scope).format_arn(
        service="ec2", account=account, resource=resource, resource_name="*", arn_format=ArnFormat.SLASH_RESOURCE_NAME
    )
