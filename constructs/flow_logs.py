"""Records of the connections that a VPC accepted and refused.

Separate because CDK's own role for them may pass itself on; this one may write to one log group.
"""

from aws_cdk import Aws
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct


class FlowLogs(Construct):
    """Every connection of a VPC, once a minute, in a log group."""

    def __init__(self, scope: Construct, id: str, *, vpc: ec2.IVpc, log_group: logs.ILogGroup, role_name: str) -> None:
        super().__init__(scope, id)
        flow_logs = iam.ServicePrincipal("vpc-flow-logs.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}})
        role = iam.Role(
            self,
            "Role",
            role_name=role_name,
            description="Lets VPC flow logs write to their log group",
            assumed_by=flow_logs,  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
            inline_policies={
                "write": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(
                            actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                            resources=[log_group.log_group_arn],
                        ),
                        iam.PolicyStatement(actions=["logs:DescribeLogGroups"], resources=["*"]),
                    ]
                )
            },
        )
        ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_id=vpc.vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
            max_aggregation_interval=60,
            log_destination_type="cloud-watch-logs",
            log_group_name=log_group.log_group_name,
            deliver_logs_permission_arn=role.role_arn,
        )
