"""What is true of a partition: names, principals, endpoints, features.

Separate so that China is a column of a table and not a branch in the code.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Partition:
    """One of AWS's partitions."""

    name: str
    """The second part of every ARN."""
    url_suffix: str
    console: str
    node_principals: tuple[str, ...]
    """Services that a node's role must trust; EKS in China refuses a role without its own (aws/aws-cdk#24696)."""
    missing_managed_policies: frozenset[str]
    """AWS managed policies that exist elsewhere and not here."""
    missing_endpoints: frozenset[str]
    """Services that have no interface endpoint here, by the last part of its name."""


AWS = Partition(
    name="aws",
    url_suffix="amazonaws.com",
    console="https://console.aws.amazon.com",
    node_principals=("ec2.amazonaws.com",),
    missing_managed_policies=frozenset(),
    missing_endpoints=frozenset(),
)
AWS_CN = Partition(
    name="aws-cn",
    url_suffix="amazonaws.com.cn",
    console="https://console.amazonaws.cn",
    node_principals=("ec2.amazonaws.com", "ec2.amazonaws.com.cn"),
    missing_managed_policies=frozenset(
        {"AmazonElasticContainerRegistryPublicReadOnly", "AmazonEKSComputePolicy", "AmazonEKSLoadBalancingPolicy"}
    ),
    missing_endpoints=frozenset({"elasticloadbalancing", "eks-auth"}),
)
PARTITIONS = {partition.name: partition for partition in (AWS, AWS_CN)}
