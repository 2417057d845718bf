"""The CloudFormation types of EC2 that a platform's network and its nodes are made of.

Separate modules because gateways, routes, groups and templates change in ways of their own.
"""

from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.resources.ec2.endpoint import VPCEndpoint
from mlplatform.local.aws.resources.ec2.flow_log import FlowLog
from mlplatform.local.aws.resources.ec2.gateways import EIP, InternetGateway, NatGateway, VPCGatewayAttachment
from mlplatform.local.aws.resources.ec2.launch_template import LaunchTemplate
from mlplatform.local.aws.resources.ec2.routes import Route, RouteTable, SubnetRouteTableAssociation
from mlplatform.local.aws.resources.ec2.security_group import Rule, SecurityGroup
from mlplatform.local.aws.resources.ec2.vpc import VPC, Subnet, VPCCidrBlock

RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::EC2::EIP": EIP(),
    "AWS::EC2::FlowLog": FlowLog(),
    "AWS::EC2::InternetGateway": InternetGateway(),
    "AWS::EC2::LaunchTemplate": LaunchTemplate(),
    "AWS::EC2::NatGateway": NatGateway(),
    "AWS::EC2::Route": Route(),
    "AWS::EC2::RouteTable": RouteTable(),
    "AWS::EC2::SecurityGroup": SecurityGroup(),
    "AWS::EC2::SecurityGroupEgress": Rule("egress"),
    "AWS::EC2::SecurityGroupIngress": Rule("ingress"),
    "AWS::EC2::Subnet": Subnet(),
    "AWS::EC2::SubnetRouteTableAssociation": SubnetRouteTableAssociation(),
    "AWS::EC2::VPC": VPC(),
    "AWS::EC2::VPCCidrBlock": VPCCidrBlock(),
    "AWS::EC2::VPCEndpoint": VPCEndpoint(),
    "AWS::EC2::VPCGatewayAttachment": VPCGatewayAttachment(),
}
