"""Which services and features a region lacks.

Separate so that a stack or a check asks for the feature it needs, and never for the region it is in.
"""

from collections.abc import Mapping
from enum import StrEnum


class Feature(StrEnum):
    """A service or a part of one that not every region has."""

    CODE_ARTIFACT = "CodeArtifact"
    CODE_CONNECTIONS = "CodeConnections, a source of pipelines on GitHub"
    CODE_PIPELINE = "CodePipeline"
    COGNITO_USER_POOLS = "Cognito user pools"
    ECR_PULL_THROUGH_CACHE = "ECR pull-through cache"
    EFA = "Elastic Fabric Adapter"
    EKS_AUTO_MODE = "EKS Auto Mode"
    EKS_CAPABILITIES = "EKS Capabilities"
    ELB_ENDPOINT = "an interface endpoint of Elastic Load Balancing"
    FSX_LUSTRE_PERSISTENT_2 = "FSx for Lustre PERSISTENT_2"
    GUARDDUTY_RUNTIME = "GuardDuty Runtime Monitoring"
    LAMBDA_URLS = "Lambda function URLs"
    LOG_GROUP_KEYS = "KMS keys of one's own for CloudWatch's log groups"
    MANAGED_GRAFANA = "Managed Grafana"
    MANAGED_PROMETHEUS = "Managed Service for Prometheus"
    METRICS_SERVER_ADDON = "the EKS add-on metrics-server"
    PRICE_LIST = "a Price List API in the region"
    SAGEMAKER_HYPERPOD = "SageMaker HyperPod"
    SAGEMAKER_MLFLOW = "SageMaker MLflow tracking servers"
    SAGEMAKER_MODEL_PACKAGE_GROUP_TYPE = "the CloudFormation type AWS::SageMaker::ModelPackageGroup"
    SHIELD = "Shield"
    STEP_FUNCTIONS_HTTP = "HTTP tasks of Step Functions"


_CHINA = frozenset({"cn-north-1", "cn-northwest-1"})

# Services: botocore's endpoints and the CloudFormation registry per region (cfn-lint 1.58.0, 2026-10-20); features: the difference pages of
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/services.html. Absence that is only likely (CodePipeline, Auto Mode, Capabilities, EFA,
# add-ons of the community) counts as absence: what is built on it would fail at deployment, after everything before it.
ABSENT_FROM: Mapping[Feature, frozenset[str]] = {
    **dict.fromkeys(Feature, _CHINA),
    # The Price List API has three homes: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
    Feature.PRICE_LIST: frozenset({"cn-north-1", "us-east-2", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-1"}),
}
"""The regions, of those with tables, that lack a feature."""


def is_offered(feature: Feature, region: str) -> bool:
    """Whether a region has a feature.

    Args:
        feature: what is needed.
        region: the name of a region with tables (`mlplatform.config.regions`).
    """
    return region not in ABSENT_FROM[feature]
