"""What an environment's releases may not name, wherever it stands."""

from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.manifests import Release
from mlplatform.manifests.foreign import foreign
from mlplatform.manifests.objects import Object
from tests.config.files import settings

CHINA = load("china-prod")
WITH_A_HOST = settings("""
    account: "123456789012"
    region: cn-north-1
    stage: dev
    images: {public_hosts: [github.com]}
""")
DIGEST = "sha256:" + "a" * 64


def config_map(value: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "kube-system"}, "data": {"key": value}}


def problems(environment: Settings, *objects: Object) -> list[str]:
    return [str(problem) for problem in foreign(environment, [Release("r", "kube-system", "nodes", objects=objects)])]


def pod(**container: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "kube-system"},
        "spec": {"containers": [{"name": "c", **container}]},
    }


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::123456789012:role/x",
        '{"role": "arn:aws:iam::aws:policy/X"}',
        "sts.us-west-2.amazonaws.com",
        "https://sts.cn-north-1.amazonaws.com/",
        "sts.amazonaws.com",
        "https://api.pricing.us-east-1.amazonaws.com",
        "ec2.us-west-2.api.aws:443",
        "quay.io/a/b:v1",
        "--sidecar=public.ecr.aws/karpenter/controller",
        "line one\nimage: ghcr.io/kubeflow/katib:v1\n",
        "nvcr.io",
        "us-docker.pkg.dev/x/y",
        "//docker.io/library/x",
        f"test.registry.example/foo/bar@{DIGEST}",
        "oci://registry.example.com/charts/x",
        "602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/pause:3.5",
        "210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/x/y:1",
        "123456789012.dkr.ecr.cn-northwest-1.amazonaws.com.cn/x/y:1",
        "https://github.com/x",
        "git@github.com:x/y.git",
        "raw.githubusercontent.com",
        "https://example.com",
        "example.com:443",
        "--agent-image=nginx:1",
        "image: busybox:1.36",
    ],
)
def test_what_china_does_not_reach_is_refused_in_any_text(text: str) -> None:
    [problem, *_] = problems(CHINA, config_map(text))
    assert problem.startswith("china-prod: release r: ConfigMap kube-system a: data.key: ")


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws-cn:iam::123456789012:role/x",
        CHINA.image("karpenter"),
        f"--image={CHINA.image('dcgm-exporter')}",
        "918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn/eks/pause:3.5",
        "https://sts.cn-north-1.amazonaws.com.cn",
        "ec2.cn-north-1.api.amazonwebservices.com.cn",
        "karpenter.sh/nodepool",
        "eks.amazonaws.com/nodegroup",
        "vpc.amazonaws.com/efa",
        "topology.k8s.aws/zone-id",
        "mysql.kube-system:3306",
        "http://web.kube-system.svc:80/x",
        "http://web.kube-system.svc.cluster.local",
        "http://127.0.0.1:2020 10.0.0.1:8080",
        "unix:///run/containerd/containerd.sock",
        "/var/log/containers/x.log:ro",
        "fluent-bit.conf",
        "the image: a container's own",
    ],
)
def test_what_china_has_itself_is_no_problem(text: str) -> None:
    assert problems(CHINA, config_map(text)) == []


@pytest.mark.parametrize(
    "container",
    [
        {"image": "busybox"},
        {"image": "library/busybox:1.36"},
        {"env": [{"name": "SIDECAR_IMAGE", "value": "alpine"}]},
        {"args": ["--init-image=alpine:3"]},
    ],
)
def test_an_image_without_a_registry_is_dockers(container: dict[str, Any]) -> None:
    [problem] = problems(CHINA, pod(**container))
    assert "pulls 'docker.io/library/" in problem


def test_the_values_of_a_publishers_chart_are_looked_at_too() -> None:
    values = {"controller": {"image": {"repository": "karpenter/controller"}}, "sidecar": "nvcr.io/x:1", "replicas": 2}
    release = Release("karpenter", "kube-system", "controllers", chart=CHINA.chart("karpenter"), values=values, requests=())
    found = [problem.path for problem in foreign(CHINA, [release])]
    assert found == ["values: controller.image.repository", "values: sidecar"]


def test_the_audience_of_tokens_is_the_same_text_in_every_partition() -> None:
    token = {"serviceAccountToken": {"audience": "sts.amazonaws.com", "path": "token"}}
    obj = {**pod(), "spec": {"volumes": [{"name": "aws", "projected": {"sources": [token]}}]}}
    assert problems(CHINA, obj) == []


def test_a_policy_that_renames_images_may_say_which_registries_are_public() -> None:
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingAdmissionPolicy",
        "metadata": {"name": "mirror"},
        "spec": {"variables": [{"name": "hosted", "expression": "'docker.io/' + i"}], "mutations": [{"expression": "'quay.io/' + i"}]},
    }
    [problem] = problems(CHINA, policy)
    assert "spec.mutations[0].expression" in problem


def test_a_listed_public_host_is_allowed_and_no_other() -> None:
    assert problems(WITH_A_HOST, config_map("https://github.com/x https://api.github.com/y")) == []
    assert len(problems(WITH_A_HOST, config_map("https://gitlab.com/x"))) == 1


def test_hosts_that_the_environments_own_file_names_are_reached_and_are_no_registry() -> None:
    [issuer] = [connector.oidc.issuer for connector in CHINA.sign_in.connectors.values() if connector.oidc]
    assert problems(CHINA, config_map(f"https://{CHINA.ingress.host}/dex/callback {issuer}")) == []
    assert len(problems(CHINA, config_map(f"{CHINA.ingress.host}/x/y:1"))) == 1
    assert len(problems(CHINA, config_map(f"https://elsewhere{CHINA.ingress.host}"))) == 1


def test_the_global_partition_pulls_from_publishers_and_refuses_what_is_chinas() -> None:
    world = load("global-dev")
    assert problems(world, config_map("quay.io/a/b:v1 https://github.com/x busybox"), pod(image="busybox")) == []
    assert len(problems(world, config_map("sts.cn-north-1.amazonaws.com.cn"))) == 1
    assert len(problems(world, config_map("arn:aws-cn:s3:::x"))) == 1


def test_every_place_is_named_at_once() -> None:
    found = problems(CHINA, pod(image="quay.io/a:1", args=["--x=ghcr.io/b:2"]), config_map("arn:aws:s3:::x"))
    assert [problem.split("; ")[0].rpartition(": ")[2][:5] for problem in found] == ["names"] * 3
