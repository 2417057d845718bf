"""Repositories, as ECR shows them."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.resources.making import ACCOUNT, Stack, allowing, as_map, in_both_partitions

EXPIRY = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 365},
                "action": {"type": "expire"},
            }
        ]
    }
)


@in_both_partitions
def test_a_repository_has_its_policies_and_the_host_of_its_partition(stack: Stack) -> None:
    pull = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": ["ecr:BatchGetImage"]}]}
    made = stack.make(
        "ECR::Repository",
        RepositoryName=stack.name,
        ImageTagMutability="IMMUTABLE",
        ImageScanningConfiguration={"ScanOnPush": "true"},
        LifecyclePolicy={"LifecyclePolicyText": EXPIRY},
        RepositoryPolicyText=pull,
        Tags=[{"Key": "a", "Value": "b"}],
    )
    ecr = stack.client("ecr")
    (shown,) = ecr.describe_repositories(repositoryNames=[stack.name])["repositories"]
    assert made.attributes["Arn"] == shown["repositoryArn"]
    assert made.attributes["RepositoryUri"] == f"{ACCOUNT}.dkr.ecr.{stack.region}.{stack.suffix}/{stack.name}"
    assert (shown["imageTagMutability"], shown["imageScanningConfiguration"]) == ("IMMUTABLE", {"scanOnPush": True})
    assert json.loads(ecr.get_lifecycle_policy(repositoryName=stack.name)["lifecyclePolicyText"]) == json.loads(EXPIRY)
    assert json.loads(ecr.get_repository_policy(repositoryName=stack.name)["policyText"]) == pull
    assert as_map(ecr.list_tags_for_resource(resourceArn=shown["repositoryArn"])["tags"]) == {"team": "ml", "a": "b"}


def test_a_repository_changes_in_place(stack: Stack) -> None:
    name = stack.make("ECR::Repository", ImageTagMutability="IMMUTABLE", LifecyclePolicy={"LifecyclePolicyText": EXPIRY}).physical_id
    stack.change(ImageTagMutability="MUTABLE", ImageScanningConfiguration={"ScanOnPush": True}, LifecyclePolicy=None)
    ecr = stack.client("ecr")
    (shown,) = ecr.describe_repositories(repositoryNames=[name])["repositories"]
    assert (shown["imageTagMutability"], shown["imageScanningConfiguration"]) == ("MUTABLE", {"scanOnPush": True})
    with pytest.raises(ClientError, match="LifecyclePolicyNotFound"):
        ecr.get_lifecycle_policy(repositoryName=name)


def test_a_policy_that_is_none_leaves_no_repository(stack: Stack) -> None:
    with pytest.raises(ClientError):
        stack.make("ECR::Repository", RepositoryName=stack.name, RepositoryPolicyText=allowing("not an action"))
    with pytest.raises(ClientError, match="RepositoryNotFound"):
        stack.client("ecr").describe_repositories(repositoryNames=[stack.name])
