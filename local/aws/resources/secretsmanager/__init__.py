"""The CloudFormation types of Secrets Manager.

Separate modules because a secret is one thing and where it is used another.
"""

from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.resources.secretsmanager.attachment import SecretTargetAttachment
from mlplatform.local.aws.resources.secretsmanager.rules import ResourcePolicy, RotationSchedule
from mlplatform.local.aws.resources.secretsmanager.secret import Secret

RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::SecretsManager::ResourcePolicy": ResourcePolicy(),
    "AWS::SecretsManager::RotationSchedule": RotationSchedule(),
    "AWS::SecretsManager::Secret": Secret(),
    "AWS::SecretsManager::SecretTargetAttachment": SecretTargetAttachment(),
}
