"""The CloudFormation types of Lambda.

Separate modules because a function lives long and its versions, layers and permissions are made once.
"""

from mlplatform.local.aws.resources.awslambda.around import EventInvokeConfig, LayerVersion, Permission, Version
from mlplatform.local.aws.resources.awslambda.function import Function
from mlplatform.local.aws.resources.contract import ResourceType

RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::Lambda::EventInvokeConfig": EventInvokeConfig(),
    "AWS::Lambda::Function": Function(),
    "AWS::Lambda::LayerVersion": LayerVersion(),
    "AWS::Lambda::Permission": Permission(),
    "AWS::Lambda::Version": Version(),
}
