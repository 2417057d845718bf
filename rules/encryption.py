"""The rule about encryption: everything that keeps data encrypts it.

Separate because what a store calls it is a table by type.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from mlplatform.rules.rule import Rule, Violation
from mlplatform.rules.template import Resource, Template, listed

Properties = Mapping[str, Any]


def unencrypted_store(template: Template) -> Iterator[Violation]:
    """A store is encrypted, and says so instead of leaving it to the account's defaults."""
    for resource in template.resources:
        if resource.type in STORES:
            encrypted, remedy = STORES[resource.type]
            if not encrypted(resource.properties):
                yield Violation(resource.logical_id, f"{resource.type} keeps data and is not encrypted by this template", remedy)
        if resource.type == "AWS::EKS::Nodegroup":
            yield from _node_group(resource)


def _node_group(resource: Resource) -> Iterator[Violation]:
    if "LaunchTemplate" not in resource.properties:
        yield Violation(
            resource.logical_id,
            "the nodes' disks are encrypted only where the account's default says so",
            "give the node group a launch template whose BlockDeviceMappings say Encrypted: true",
        )


def _says(*path: str) -> Callable[[Properties], bool]:
    """Return a check that a property is there and not false."""

    def check(properties: Properties) -> bool:
        value: Any = properties
        for step in path:
            value = cast("Properties", value).get(step) if isinstance(value, Mapping) else None
        return value not in (None, False, "false", [], {})

    return check


def _disks(properties: Properties) -> bool:
    disks = [mapping["Ebs"] for mapping in listed(properties.get("BlockDeviceMappings")) if "Ebs" in mapping]
    return bool(disks) and all(_says("Encrypted")(disk) for disk in disks)


def _queue(properties: Properties) -> bool:
    return _says("KmsMasterKeyId")(properties) or _says("SqsManagedSseEnabled")(properties)


def _instance_of_database(properties: Properties) -> bool:
    # An instance of an Aurora cluster stores nothing of its own.
    return "DBClusterIdentifier" in properties or _says("StorageEncrypted")(properties)


STORES: Mapping[str, tuple[Callable[[Properties], bool], str]] = {
    "AWS::S3::Bucket": (_says("BucketEncryption", "ServerSideEncryptionConfiguration"), "set BucketEncryption"),
    "AWS::RDS::DBInstance": (_instance_of_database, "set StorageEncrypted: true and KmsKeyId"),
    "AWS::RDS::DBCluster": (_says("StorageEncrypted"), "set StorageEncrypted: true and KmsKeyId"),
    "AWS::EKS::Cluster": (_says("EncryptionConfig"), "set EncryptionConfig with a key for secrets"),
    "AWS::EC2::LaunchTemplate": (
        lambda properties: _disks(properties.get("LaunchTemplateData", {})),
        "name every disk in BlockDeviceMappings with Ebs.Encrypted: true, the root disk too",
    ),
    "AWS::EC2::Instance": (_disks, "name every disk in BlockDeviceMappings with Ebs.Encrypted: true, the root disk too"),
    "AWS::EC2::Volume": (_says("Encrypted"), "set Encrypted: true"),
    "AWS::EFS::FileSystem": (_says("Encrypted"), "set Encrypted: true"),
    "AWS::SQS::Queue": (_queue, "set SqsManagedSseEnabled: true, or KmsMasterKeyId"),
    "AWS::SNS::Topic": (_says("KmsMasterKeyId"), "set KmsMasterKeyId"),
    "AWS::Kinesis::Stream": (_says("StreamEncryption"), "set StreamEncryption"),
    "AWS::SageMaker::NotebookInstance": (_says("KmsKeyId"), "set KmsKeyId"),
    "AWS::ElastiCache::ReplicationGroup": (_says("AtRestEncryptionEnabled"), "set AtRestEncryptionEnabled: true"),
}
"""How each type says that it encrypts; types that always do (Secrets Manager, ECR, DynamoDB, FSx) are left out.

The source of each is its page below https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/.
"""

RULES = (Rule("unencrypted-store", "data that is kept unencrypted", unencrypted_store),)
