"""What is true of a partition: names, principals, endpoints.

Separate so that China is a column of a table and not a branch in the code.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Partition:
    """One of AWS's partitions."""

    name: str
    """The second part of every ARN."""
    url_suffix: str
    """The domain of services, registries and buckets."""
    dual_stack_suffix: str
    """The domain of services that answer on IPv6 as well; EKS Pod Identity's agent knows no other."""
    console: str
    """The web console, without a page."""
    currency: str
    """What prices are in."""
    pricing_region: str
    """The region whose Price List API knows the partition's prices."""
    node_principals: tuple[str, ...]
    """Services that a node's role must trust; EKS in China refuses a role without its own (aws/aws-cdk#24696)."""
    database_hosts: str
    """What the host names of databases end in, with `{region}` in it."""
    own_principals: dict[str, str] = field(default_factory=dict[str, str])
    """Principals that are not `SERVICE.amazonaws.com`, by service."""
    missing_managed_policies: frozenset[str] = frozenset()
    """AWS managed policies that exist elsewhere and not here."""
    missing_endpoints: frozenset[str] = frozenset()
    """Services that have no interface endpoint here, by the last part of its name."""
    endpoint_prefixes: dict[str, str] = field(default_factory=dict[str, str])
    """What stands before `com.amazonaws` in the names of some services' interface endpoints, by service."""
    unreachable_hosts: frozenset[str] = frozenset()
    """Hosts of images, charts and endpoints that are blocked, absent or too slow to rely on."""
    unreliable_hosts: frozenset[str] = frozenset()
    """Hosts that answer at some times and not at others: named only by who accepts that."""
    needs_icp_recordal: bool = False
    """Whether a domain needs an ICP recordal before a public page under it is let through."""

    def principal(self, service: str) -> str:
        """Return the principal of a service in trust and resource policies: `eks` is `eks.amazonaws.com` in China too."""
        return self.own_principals.get(service, f"{service}.amazonaws.com")

    def database_domain(self, region: str) -> str:
        """Return what the host names of a region's databases end in: `us-west-2.rds.amazonaws.com`."""
        return self.database_hosts.format(region=region)


# Names, suffixes and consoles: botocore 1.44.5 endpoint data and CDK region facts (aws-cdk-lib 2.275.0);
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html has names and suffixes.
AWS = Partition(
    name="aws",
    url_suffix="amazonaws.com",
    dual_stack_suffix="api.aws",
    console="https://console.aws.amazon.com",
    currency="USD",
    pricing_region="us-east-1",
    node_principals=("ec2.amazonaws.com",),
    database_hosts="{region}.rds.amazonaws.com",
)

# Interface endpoints that take the prefix in both China regions: InterfaceVpcEndpointAwsService in aws-cdk-lib 2.275.0, which agrees with
# `aws ec2 describe-vpc-endpoint-services` there. Every other service keeps the global name.
_PREFIXED = """
application-autoscaling athena autoscaling backup batch cassandra cloudcontrolapi cloudformation databrew dms ebs ec2 ecr.api ecr.dkr eks
elasticache elasticbeanstalk elasticfilesystem emr-containers execute-api fsx imagebuilder iot.data kinesis-streams lambda license-manager
monitoring rds redshift redshift-data s3 sagemaker.api sagemaker.featurestore-runtime sagemaker.runtime securityhub servicecatalog sms sqs
states sts sync-states synthetics transcribe transcribestreaming transfer xray
"""

# kubernetes/registry.k8s.io#137, docker/hub-feedback#2415; public.ecr.aws answers, but nobody promises for how long or how fast;
# the first two are the other partition's dual-stack endpoints and console.
_UNREACHABLE = """
api.aws console.aws.amazon.com docker.io gcr.io ghcr.io github.io githubusercontent.com nvcr.io pkg.dev public.ecr.aws quay.io
registry.k8s.io
"""

AWS_CN = Partition(
    name="aws-cn",
    url_suffix="amazonaws.com.cn",
    dual_stack_suffix="api.amazonwebservices.com.cn",
    console="https://console.amazonaws.cn",
    currency="CNY",
    pricing_region="cn-northwest-1",
    node_principals=("ec2.amazonaws.com", "ec2.amazonaws.com.cn"),
    # https://docs.amazonaws.cn/en_us/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html
    database_hosts="rds.{region}.amazonaws.com.cn",
    # aws/aws-cdk#19867; every other service that the platform uses is refused with .cn (eks, lambda) or known to work without it.
    own_principals={"ec2": "ec2.amazonaws.com.cn", "elasticmapreduce": "elasticmapreduce.amazonaws.com.cn"},
    # aws/aws-cdk#24743 and terraform-aws-modules/terraform-aws-eks#3259.
    missing_managed_policies=frozenset(
        {"AmazonElasticContainerRegistryPublicReadOnly", "AmazonEKSComputePolicy", "AmazonEKSLoadBalancingPolicy"}
    ),
    # Elastic Load Balancing and Glue: "Getting Started with Amazon Web Services in China" says so; IAM: Karpenter's documentation;
    # Price List: aws/karpenter-provider-aws#4677. EKS Auth has an API there, but no record of an endpoint was found.
    missing_endpoints=frozenset({"elasticloadbalancing", "glue", "iam", "pricing.api", "eks-auth"}),
    endpoint_prefixes=dict.fromkeys(_PREFIXED.split(), "cn."),
    unreachable_hosts=frozenset(_UNREACHABLE.split()),
    unreliable_hosts=frozenset({"github.com"}),
    # https://www.amazonaws.cn/en/support/icp/
    needs_icp_recordal=True,
)
PARTITIONS = {partition.name: partition for partition in (AWS, AWS_CN)}
