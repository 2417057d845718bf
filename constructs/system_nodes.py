"""The nodes that the platform's own pods run on.

Separate from the cluster because they change with its version and its add-ons, and jobs never run on them.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from mlplatform.config.sections import SystemNodes


class SystemNodeGroup(Construct):
    """A managed node group with encrypted disks, whose pods cannot take the node's own credentials."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: eks.Cluster,
        version: str,
        settings: SystemNodes,
        role: iam.Role,
        subnets: Sequence[ec2.ISubnet],
        security_groups: Sequence[ec2.ISecurityGroup],
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        first, *further = security_groups
        template = ec2.LaunchTemplate(
            self,
            "Template",
            security_group=first,
            require_imdsv2=True,
            # One hop: the node itself, and no pod on it.
            http_put_response_hop_limit=1,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(settings.disk_gib, volume_type=ec2.EbsDeviceVolumeType.GP3, encrypted=True),
                )
            ],
        )
        for group in further:
            template.add_security_group(group)
        # EKS gives a group's own tags to its instances only through the launch template.
        for key, value in tags.items():
            Tags.of(template).add(key, value)
        self.node_group = eks.Nodegroup(
            self,
            "Group",
            cluster=cluster,  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            node_role=role,  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            subnets=ec2.SubnetSelection(subnets=list(subnets)),
            ami_type=eks.NodegroupAmiType.AL2023_X86_64_STANDARD,
            instance_types=[ec2.InstanceType(name) for name in settings.instance_types],
            launch_template_spec=eks.LaunchTemplateSpec(id=str(template.launch_template_id), version=template.latest_version_number),
            min_size=settings.minimum,
            desired_size=settings.desired,
            max_size=settings.maximum,
            max_unavailable=1,
            # An update waits for disruption budgets rather than break them.
            force_update=False,
        )
        # Unless told, nodes stay at the version that they began with when the control plane moves on.
        cast("eks.CfnNodegroup", self.node_group.node.default_child).version = version
