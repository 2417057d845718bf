"""What the local AWS adds to moto's services, where moto lacks an API or answers what AWS would not.

`install` is called once, before the server answers its first request.
"""

from functools import cache

from mlplatform.local.aws.services import awslambda, codebuild, ec2, efs, eks, iam, logs, rds, secretsmanager, sts


@cache
def install() -> None:
    """Put the extended services in the place of moto's, in this process, once."""
    for service in (awslambda, codebuild, ec2, efs, eks, iam, logs, rds, secretsmanager, sts):
        service.install()
