"""Everything that keeps data encrypts it."""

from typing import Any

import pytest

from mlplatform.rules.encryption import STORES
from tests.rules.templates import broken, resource, template

DISKS = [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}]
ENCRYPTED: dict[str, dict[str, Any]] = {
    "AWS::S3::Bucket": {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{}]}},
    "AWS::RDS::DBInstance": {"StorageEncrypted": True},
    "AWS::RDS::DBCluster": {"StorageEncrypted": True},
    "AWS::EKS::Cluster": {"EncryptionConfig": [{"Resources": ["secrets"]}]},
    "AWS::EC2::LaunchTemplate": {"LaunchTemplateData": {"BlockDeviceMappings": DISKS}},
    "AWS::EC2::Instance": {"BlockDeviceMappings": DISKS},
    "AWS::EC2::Volume": {"Encrypted": True},
    "AWS::EFS::FileSystem": {"Encrypted": True},
    "AWS::SQS::Queue": {"SqsManagedSseEnabled": True},
    "AWS::SNS::Topic": {"KmsMasterKeyId": "k"},
    "AWS::Kinesis::Stream": {"StreamEncryption": {"KeyId": "k"}},
    "AWS::SageMaker::NotebookInstance": {"KmsKeyId": "k"},
    "AWS::ElastiCache::ReplicationGroup": {"AtRestEncryptionEnabled": True},
}


@pytest.mark.parametrize("type", STORES)
def test_a_store_is_refused_until_it_says_that_it_encrypts(type: str) -> None:
    (violation,) = broken("unencrypted-store", template(R=resource(type)))

    assert type in violation.message
    assert not broken("unencrypted-store", template(R=resource(type, **ENCRYPTED[type])))


@pytest.mark.parametrize(
    ("type", "properties"),
    [
        ("AWS::RDS::DBInstance", {"StorageEncrypted": False}),
        ("AWS::SQS::Queue", {"SqsManagedSseEnabled": False}),
        ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"BlockDeviceMappings": [*DISKS, {"Ebs": {"VolumeSize": 1}}]}}),
    ],
    ids=["database", "queue", "second-disk"],
)
def test_a_store_that_says_no_or_of_which_a_part_says_nothing_is_refused(type: str, properties: dict[str, Any]) -> None:
    assert broken("unencrypted-store", template(R=resource(type, **properties)))


def test_an_instance_of_an_aurora_cluster_keeps_nothing_of_its_own() -> None:
    assert not broken("unencrypted-store", template(R=resource("AWS::RDS::DBInstance", DBClusterIdentifier="c")))


def test_nodes_without_a_launch_template_are_refused_as_nobody_encrypts_their_disks() -> None:
    assert broken("unencrypted-store", template(R=resource("AWS::EKS::Nodegroup")))
    assert not broken("unencrypted-store", template(R=resource("AWS::EKS::Nodegroup", LaunchTemplate={"Id": "x"})))
