import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.compute.tables.images import RELEASES, VARIANTS

from .conftest import Aws

FOLDER = "/aws/service/eks/optimized-ami/1.36/amazon-linux-2023"


def image_id(aws: Aws, region: str, architecture: str, variant: str, leaf: str) -> str:
    return aws.client("ssm", region).get_parameter(Name=f"{FOLDER}/{architecture}/{variant}/{leaf}/image_id")["Parameter"]["Value"]


@pytest.mark.parametrize("region", ["cn-north-1", "us-west-2"])
def test_each_variant_has_a_recommended_image_of_its_own(aws: Aws, region: str) -> None:
    wanted = [(architecture, variant) for architecture, variants in VARIANTS.items() for variant in variants]
    ids = [image_id(aws, region, architecture, variant, "recommended") for architecture, variant in wanted]
    assert len(set(ids)) == len(wanted)
    images = {image["ImageId"]: image for image in aws.client("ec2", region).describe_images(ImageIds=ids)["Images"]}
    for (architecture, variant), found in zip(wanted, ids, strict=True):
        assert images[found]["Architecture"] == architecture
        assert images[found]["Name"] == f"amazon-eks-node-al2023-{architecture}-{variant}-1.36-{RELEASES[-1]}"
        assert images[found]["CreationDate"].startswith("2026-07-24T")


def test_a_release_is_found_by_its_name_and_the_last_one_is_recommended(aws: Aws) -> None:
    ids = [image_id(aws, "cn-north-1", "x86_64", "nvidia", f"amazon-eks-node-al2023-x86_64-nvidia-1.36-{release}") for release in RELEASES]
    assert len(set(ids)) == len(RELEASES)
    assert ids[-1] == image_id(aws, "cn-north-1", "x86_64", "nvidia", "recommended")


def test_an_unknown_release_has_no_parameter(aws: Aws) -> None:
    with pytest.raises(ClientError, match="ParameterNotFound"):
        image_id(aws, "cn-north-1", "x86_64", "standard", "amazon-eks-node-al2023-x86_64-standard-1.36-v20200101")
