"""The template of Karpenter's construct, alone in a stack."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.assertions import Template

from mlplatform.config.names import Names
from mlplatform.config.regions import REGIONS
from mlplatform.constructs.karpenter import Karpenter
from mlplatform.constructs.pod_role import TokenIssuer

ACCOUNT = "123456789012"


def names_of(environment: str, region: str) -> Names:
    """Return an environment's names in the example account."""
    return Names(environment=environment, account=ACCOUNT, place=REGIONS[region])


@cache
def template(environment: str, region: str, kms_keys: tuple[str, ...] = (), *, with_profile: bool = False) -> Mapping[str, Any]:
    """Return the template as CDK synthesises it."""
    names = names_of(environment, region)
    stack = Stack(App(analytics_reporting=False), "stack", env=Environment(account=ACCOUNT, region=region))
    host = f"oidc.eks.{region}.{names.place.partition.url_suffix}/id/ABC"
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-0123", availability_zones=["a"], private_subnet_ids=["subnet-0123"])
    cluster = eks.Cluster.from_cluster_attributes(stack, "Cluster", cluster_name=names.cluster, vpc=vpc)
    issuer = TokenIssuer(f"arn:{names.place.partition.name}:iam::{ACCOUNT}:oidc-provider/{host}", host)
    Karpenter(stack, "Karpenter", cluster=cluster, issuer=issuer, names=names, kms_keys=kms_keys, with_profile=with_profile)
    return Template.from_stack(stack).to_json()
