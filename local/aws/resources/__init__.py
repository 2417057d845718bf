"""The CloudFormation resource types that the local AWS makes, each by calls to its services' own APIs.

A template that names another type, or a property that a type does not play, fails with that name.
"""

from mlplatform.local.aws.resources import (
    awslambda,
    codebuild,
    ec2,
    ecr,
    efs,
    eks,
    events,
    iam,
    kms,
    logs,
    metadata,
    rds,
    s3,
    secretsmanager,
    sns,
    sqs,
    ssm,
    stepfunctions,
)
from mlplatform.local.aws.resources.contract import ResourceType

RESOURCE_TYPES: dict[str, ResourceType] = {
    name: kind
    for service in (
        awslambda,
        codebuild,
        ec2,
        ecr,
        efs,
        eks,
        events,
        iam,
        kms,
        logs,
        metadata,
        rds,
        s3,
        secretsmanager,
        sns,
        sqs,
        ssm,
        stepfunctions,
    )
    for name, kind in service.RESOURCE_TYPES.items()
}
"""Every type by its CloudFormation name."""
