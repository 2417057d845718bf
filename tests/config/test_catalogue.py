"""The catalogue of images, charts and add-ons, and their copies."""

import re

import pytest

from mlplatform.config.catalogue import Chart, Image, Mirror
from mlplatform.config.load import environments, load
from tests.config.files import settings

ROOT = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mlplatform"
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
ECR_NAME = re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")


def test_china_pulls_copies_and_the_global_partition_the_publishers_own() -> None:
    assert load("china-prod").image("nvidia-device-plugin").startswith(f"{ROOT}/nvcr.io/nvidia/k8s-device-plugin:v")
    assert load("global-prod").image("nvidia-device-plugin").startswith("nvcr.io/nvidia/k8s-device-plugin:v")
    assert load("china-prod").chart("karpenter").reference == f"oci://{ROOT}/charts/karpenter"
    assert load("global-prod").chart("karpenter").reference == "oci://public.ecr.aws/karpenter/karpenter"


def test_a_file_says_where_images_come_from_and_under_which_prefix() -> None:
    here = settings("""
        account: "123456789012"
        region: us-west-2
        stage: dev
        images: {source: mirror, prefix: team/ml}
    """)
    assert here.image("dcgm-exporter").startswith("123456789012.dkr.ecr.us-west-2.amazonaws.com/team/ml/nvcr.io/")


def test_a_copy_keeps_tag_and_digest() -> None:
    image = Image("x", "X", "quay.io/x/y", "v1", used_by=("x",), digest="sha256:" + "0" * 64)
    assert Mirror("r.example", "p").image(image).reference == f"r.example/p/quay.io/x/y:v1@{image.digest}"


def test_a_chart_of_a_classic_repository_becomes_one_of_the_registry() -> None:
    chart = Chart("x", "X", "https://charts.example/stable", "1.0", used_by=("x",))
    assert not chart.oci
    assert Mirror("r.example", "p").chart(chart).reference == "oci://r.example/p/charts/x"


@pytest.mark.parametrize("name", environments())
def test_every_copy_has_a_name_that_ecr_takes_and_no_two_have_the_same(name: str) -> None:
    here = load(name)
    mirror = Mirror("r.example", here.images.prefix)
    copies = [mirror.image(image).repository for image in here.upstream.images.values()]
    copies += [mirror.chart(chart).reference.removeprefix("oci://") for chart in here.upstream.charts.values()]
    paths = [copy.removeprefix("r.example/") for copy in copies]
    assert len(set(paths)) == len(paths)
    assert [path for path in paths if not ECR_NAME.fullmatch(path) or len(path) > 256] == []


@pytest.mark.parametrize("name", environments())
def test_every_image_names_its_registry_and_a_version_that_stays(name: str) -> None:
    for image in load(name).upstream.images.values():
        assert "." in image.repository.split("/")[0], image
        assert image.tag not in ("", "latest"), image
        assert image.digest is None or re.fullmatch(r"sha256:[0-9a-f]{64}", image.digest), image


def test_only_the_add_ons_that_an_environment_has_are_listed() -> None:
    few = settings("""
        account: "123456789012"
        region: us-west-2
        stage: dev
    """)
    more = settings("""
        account: "123456789012"
        region: us-west-2
        stage: dev
        cluster: {addons: {efs_csi: true, versions: {coredns: v1.2.3-eksbuild.4}}}
    """)
    assert "aws-efs-csi-driver" not in few.catalogue.addons
    assert "aws-efs-csi-driver" in more.catalogue.addons
    assert "metrics-server" in few.catalogue.addons
    assert "metrics-server" not in load("china-dev").catalogue.addons
    assert more.catalogue.addons["coredns"].version == "v1.2.3-eksbuild.4"
    assert more.catalogue.addons["coredns"].registry == "602401143452.dkr.ecr.us-west-2.amazonaws.com"
