"""The CloudFormation types of S3.

Separate modules because a bucket's many settings are a translation of their own.
"""

from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.resources.s3.bucket import Bucket
from mlplatform.local.aws.resources.s3.policy import BucketPolicy

RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::S3::Bucket": Bucket(), "AWS::S3::BucketPolicy": BucketPolicy()}
