"""Helm and kubectl where there is no cluster, run as CDK's handler runs them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mlplatform.local.aws.custom_resources.cluster_access import RenderedOnly
from mlplatform.local.aws.resources.contract import Place

PLACE = Place(
    "123456789012", "cn-north-1", "aws-cn", "amazonaws.com.cn", "s", "arn", "Chart", "Custom::AWSCDK-EKS-HelmChart", "http://127.0.0.1:1"
)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return RenderedOnly(tmp_path_factory.mktemp("programs") / "bin").programs(PLACE, "c").path[0]


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: demo\nversion: 0.1.0\n")
    (tmp_path / "templates/map.yaml").write_text(
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ required "name it" .Values.name }}, namespace: {{ .Release.Namespace }}}\n'
    )
    return tmp_path


def run(*command: str | Path, home: Path) -> tuple[int, str]:
    # A home without caches, as a function has: what the programs need must not be looked for there.
    done = subprocess.run(
        command, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout


def upgrade(programs: Path, chart: Path, values: dict[str, Any]) -> tuple[int, str]:
    file = chart / "values.json"
    file.write_text(json.dumps(values))
    options = [
        "--install",
        "--create-namespace",
        "--values",
        file,
        "--namespace",
        "n",
        "--wait",
        "--timeout",
        "5m",
        "--kubeconfig",
        "/none",
    ]
    return run(programs / "helm", "upgrade", "demo", chart, *options, home=chart)


def test_a_release_is_rendered_with_its_values(programs: Path, chart: Path) -> None:
    code, said = upgrade(programs, chart, {"name": "x"})

    assert (code, said) == (0, "release demo: rendered 1 objects; there is no cluster here to install them on\n")


def test_a_chart_that_does_not_render_fails_in_helms_words(programs: Path, chart: Path) -> None:
    code, said = upgrade(programs, chart, {})

    assert code == 1
    assert "execution error at (demo/templates/map.yaml:3:20): name it" in said


def test_a_template_that_renders_no_yaml_fails(programs: Path, chart: Path) -> None:
    code, said = upgrade(programs, chart, {"name": "{{"})

    assert code == 1
    assert "YAML parse error on demo/templates/map.yaml" in said


def test_there_is_nothing_to_uninstall(programs: Path, tmp_path: Path) -> None:
    assert run(programs / "helm", "uninstall", "demo", "--namespace", "n", home=tmp_path)[0] == 0


MAP, POD = {"apiVersion": "v1", "kind": "ConfigMap"}, {"apiVersion": "v1", "kind": "Pod"}


@pytest.mark.parametrize(
    ("objects", "complaint"),
    [
        ([{**MAP, "metadata": {"name": "a"}}, {**POD, "metadata": {"generateName": "b"}}], ""),
        ([{"apiVersion": "v1", "metadata": {"name": "a"}}], "kind not set"),
        ([{**POD, "metadata": {"labels": "x"}}], "metadata.name not set"),
    ],
)
def test_a_manifest_is_read(programs: Path, tmp_path: Path, objects: list[dict[str, Any]], complaint: str) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text("".join(json.dumps(item) for item in objects))

    code, said = run(programs / "kubectl", "create", "--kubeconfig", "/none", "-f", manifest, "--save-config", home=tmp_path)

    assert code == (1 if complaint else 0)
    assert complaint in said


def test_a_question_to_the_cluster_has_no_answer(programs: Path, tmp_path: Path) -> None:
    code, said = run(programs / "kubectl", "get", "pods", home=tmp_path)

    assert (code, said) == (1, "kubectl get: there is no cluster here to ask\n")
