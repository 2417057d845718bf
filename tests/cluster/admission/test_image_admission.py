"""What the platform's policies make of the images that users bring, on a real API server."""

import copy
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from mlplatform.manifests.compute.labels import TENANT
from tests.cluster.admission.pods import COPIES, ONE_GPU, admitted, debug, disturbed, images, pod
from tests.cluster.cluster import Cluster, Object


@pytest.mark.parametrize(
    ("brought", "pulled"),
    [
        ("python:3.12", "docker.io/library/python:3.12"),
        ("docker.io/python", "docker.io/library/python"),
        ("index.docker.io/library/python:3.12", "docker.io/library/python:3.12"),
        ("team/train:1", "docker.io/team/train:1"),
        ("registry-1.docker.io/team/sub/train", "docker.io/team/sub/train"),
        ("ghcr.io/kubeflow/katib/pytorch-mnist-gpu:v0.19.0", "ghcr.io/kubeflow/katib/pytorch-mnist-gpu:v0.19.0"),
        ("us-docker.pkg.dev/project/repository/train:1", "us-docker.pkg.dev/project/repository/train:1"),
        (f"nvcr.io/nvidia/pytorch@sha256:{'0' * 64}", f"nvcr.io/nvidia/pytorch@sha256:{'0' * 64}"),
    ],
)
def test_a_tenants_image_of_a_public_registry_is_pulled_from_its_copy(cluster: Cluster, tenant: str, brought: str, pulled: str):
    assert images(admitted(cluster, tenant, pod(brought))) == [f"{COPIES}/{pulled}"]


@pytest.mark.parametrize(
    "image",
    [
        f"{COPIES}/docker.io/library/python:3.12",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/train:1",
        "918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn/eks/pause:3.10",
        "harbor.example.com.cn/team/train:1",
        "registry:5000/team/train:1",
        "localhost/train:1",
        "notgcr.io/team/train:1",
    ],
)
def test_an_image_of_another_registry_is_left_as_it_is(cluster: Cluster, tenant: str, image: str):
    assert images(admitted(cluster, tenant, pod(image))) == [image]


def test_every_place_where_a_pod_names_an_image_is_rewritten_and_nothing_else(cluster: Cluster, tenant: str, bystander: str):
    sent = pod("train:1", volumes=[{"name": "model", "image": {"reference": "quay.io/team/model:1"}}, {"name": "scratch", "emptyDir": {}}])
    sent["spec"]["initContainers"] = [
        {"name": "fetch", "image": "quay.io/team/fetch:1", "command": ["fetch"], "env": [{"name": "FROM", "value": "quay.io/team/data"}]},
        {"name": "proxy", "image": "quay.io/team/proxy:1", "restartPolicy": "Always"},
    ]
    sent["spec"]["containers"].append({"name": "beside", "image": "train:1", "volumeMounts": [{"name": "model", "mountPath": "/model"}]})
    here, there = (admitted(cluster, namespace, sent) for namespace in (tenant, bystander))
    expected = ["quay.io/team/fetch:1", "quay.io/team/proxy:1", "docker.io/library/train:1", "docker.io/library/train:1"]
    assert images(here) == [f"{COPIES}/{image}" for image in expected]
    assert here["spec"]["volumes"][0]["image"]["reference"] == f"{COPIES}/quay.io/team/model:1"
    assert without_images(here) == without_images(there)


def test_a_pod_elsewhere_pulls_what_it_names(cluster: Cluster, tenant: str, bystander: str):
    assert tenant != bystander
    assert images(admitted(cluster, bystander, pod("quay.io/team/train:1"))) == ["quay.io/team/train:1"]


def test_what_went_through_once_goes_through_again_unchanged(cluster: Cluster, tenant: str):
    sent = pod("team/train:1", resources=ONE_GPU)
    sent["metadata"]["labels"] = {"notebook-name": "mine"}
    once = admitted(cluster, tenant, sent)
    again = {**once, "metadata": {key: once["metadata"][key] for key in ("name", "labels", "annotations")}, "status": {}}
    twice = admitted(cluster, tenant, again)
    assert twice["spec"] == once["spec"]
    assert disturbed(twice) == "true"


def test_who_debugs_a_pod_that_runs_pulls_a_copy(cluster: Cluster, tenant: str):
    cluster.apply(pod(name="runs"), namespace=tenant)
    assert debug(cluster, tenant, "runs", "quay.io/team/shell:1") == [f"{COPIES}/quay.io/team/shell:1"]
    assert debug(cluster, tenant, "runs", "busybox") == [f"{COPIES}/quay.io/team/shell:1", f"{COPIES}/docker.io/library/busybox"]


def test_a_pod_that_was_debugged_before_can_be_debugged_again(cluster: Cluster, tenant: str, bystander: str):
    assert tenant != bystander
    cluster.apply(pod(name="runs"), namespace=bystander)
    assert debug(cluster, bystander, "runs", "busybox") == ["busybox"]
    with labelled(cluster, bystander):
        assert debug(cluster, bystander, "runs", "busybox") == ["busybox", f"{COPIES}/docker.io/library/busybox"]


@contextmanager
def labelled(cluster: Cluster, namespace: str) -> Generator[None]:
    """Let a namespace be a tenant's for a while."""
    for key, value in TENANT.items():
        cluster.kubectl("label", "namespace", namespace, f"{key}={value}")
    await_image(cluster, namespace, f"{COPIES}/docker.io/library/busybox")
    try:
        yield
    finally:
        cluster.kubectl("label", "namespace", namespace, *(f"{key}-" for key in TENANT))
        await_image(cluster, namespace, "busybox")


def await_image(cluster: Cluster, namespace: str, image: str) -> None:
    for _ in range(100):
        if images(admitted(cluster, namespace, pod("busybox"))) == [image]:
            return
    pytest.fail(f"no pod gets {image}")


def without_images(obj: Object) -> Object:
    spec: Object = copy.deepcopy(obj["spec"])
    for container in (*spec["containers"], *spec["initContainers"]):
        del container["image"]
        container["volumeMounts"] = [mount for mount in container["volumeMounts"] if "serviceaccount" not in mount["mountPath"]]
    spec["volumes"] = [volume for volume in spec["volumes"] if volume["name"] == "scratch"]
    return spec
