"""The names of VPC endpoint services by region.

Separate because it is a table with a source: aws-cdk's `InterfaceVpcEndpointAwsService` and AWS China's published lists.
https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts
"""

from moto.utilities.utils import get_partition

from mlplatform.config.partitions import PARTITIONS

_CN_PREFIXED = frozenset(
    """
    application-autoscaling appmesh-envoy-management athena autoscaling awsconnector backup batch cassandra cloudcontrolapi cloudformation
    codedeploy-commands-secure databrew dms ebs ec2 ecr.api ecr.dkr eks elasticache elasticbeanstalk elasticfilesystem
    elasticfilesystem-fips emr-containers execute-api fsx imagebuilder iot.data kinesis-streams lambda license-manager monitoring rds
    redshift redshift-data s3 sagemaker.api sagemaker.featurestore-runtime sagemaker.runtime securityhub servicecatalog sms sqs states
    sts sync-states synthetics transcribe.cn transcribestreaming transfer xray
    """.split()  # noqa: SIM905 - a list that is compared with its source by reading
)
_CN_ABSENT = frozenset({"elasticloadbalancing", "glue", "iam"})
_SAGEMAKER = frozenset({"notebook", "studio"})
_GATEWAYS = frozenset({"dynamodb", "s3"})


def endpoint_exists(name: str, region: str, *, interface: bool) -> bool:
    """Say whether an endpoint service may have that name in the region."""
    head, _, service = name.partition(f".{region}.")
    if not interface:
        return head == "com.amazonaws" and service in _GATEWAYS
    if head == "aws.sagemaker":
        return service in _SAGEMAKER
    if get_partition(region) != "aws-cn":
        return head == "com.amazonaws" and bool(service)
    return service not in _CN_ABSENT and head == ("cn.com.amazonaws" if service in _CN_PREFIXED else "com.amazonaws") and bool(service)


def endpoint_host(endpoint: str, name: str, region: str) -> str:
    """Return the host name by which an interface endpoint is reached."""
    service = ".".join(reversed(name.partition(f".{region}.")[2].split(".")))
    return f"{endpoint}.{service}.{region}.vpce.{PARTITIONS[get_partition(region)].url_suffix}"
