"""Helm as CDK's handler calls it where clusters are real: run as programs, with a Helm that writes down what it was told."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from mlplatform.local.aws.custom_resources import charts, installing, not_installed, without_backends
from mlplatform.local.aws.custom_resources.cluster_access import write_program
from mlplatform.local.aws.custom_resources.not_installed import recorded

ECR = "oci://123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/charts/mesh"


class Handler:
    """What a handler finds on its PATH, in its working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told, self.records = folder, folder / "told", folder / "records"
        real = folder / "real-helm"
        real.write_text(f'#!/bin/sh\necho "$@" >> {self.told}\n')
        real.chmod(0o755)
        write_program(folder / "helm", installing.__file__, str(real))
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "AWS_REGION": "cn-north-1",
            installing.CLUSTER: "platform",
            not_installed.FOLDER: str(self.records),
        }

    def helm(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.folder / "helm", *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commands(self) -> list[str]:
        return self.told.read_text().splitlines() if self.told.exists() else []


@pytest.fixture
def handler(tmp_path: Path) -> Handler:
    return Handler(tmp_path)


def asset(folder: Path, *kinds: str) -> Path:
    (folder / "asset/templates").mkdir(parents=True)
    (folder / "asset/Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 0.1.0\n")
    (folder / "asset/templates/all.yaml").write_text("---\n".join(f"kind: {kind}\n" for kind in kinds))
    return folder / "asset"


def test_an_asset_is_installed_as_the_handler_asks(handler: Handler) -> None:
    chart = asset(handler.folder, "Deployment")
    handler.helm("upgrade", "web", str(chart), "--install", "--namespace", "n", "--wait", "--timeout", "60s", "--kubeconfig", "k")
    assert handler.commands() == [f"upgrade web {chart} --install --namespace n --wait --timeout 60s --kubeconfig k"]


@pytest.mark.parametrize("kind", ["APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"])
def test_only_a_chart_that_mentions_a_kind_that_pods_answer_for_is_post_rendered(handler: Handler, kind: str) -> None:
    handler.helm("upgrade", "web", str(asset(handler.folder, "Deployment", kind)), "--namespace", "n")
    assert handler.commands()[0].endswith(f"--namespace n --post-renderer {without_backends.PLUGIN}")


def test_a_chart_that_cannot_be_had_is_recorded_and_not_installed_and_forgotten_when_it_goes(handler: Handler) -> None:
    handler.helm("pull", ECR, "--version", "1.2.3", "--untar")
    said = handler.helm("upgrade", "mesh", str(handler.folder / "mesh"), "--install", "--namespace", "n")
    assert "mesh 1.2.3 is not installed here" in said
    (entry,) = recorded(handler.records)
    assert (entry.region, entry.cluster, entry.namespace, entry.release) == ("cn-north-1", "platform", "n", "mesh")
    assert (entry.what, entry.name, entry.version) == ("chart", "mesh", "1.2.3")
    assert handler.helm("uninstall", "mesh", "--namespace", "n") == "release mesh was not installed here\n"
    assert recorded(handler.records) == []
    assert handler.commands() == []


def test_of_a_chart_that_cannot_be_had_the_kinds_are_installed_where_a_module_has_them(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler.environment |= charts.outside(os.environ)
    handler.environment["HOME"] = os.environ["HOME"]
    monkeypatch.chdir(handler.folder)
    repository = ECR.replace("/mesh", "/base")
    handler.helm("pull", repository, "--version", "0.0.1", "--untar")
    values = ("--values", "values.yaml", "--install", "--namespace", "n")
    said = handler.helm("upgrade", "istio-base", str(handler.folder / "base"), *values)
    assert "of base 0.0.1, only its kinds are installed here" in said
    assert handler.commands() == [f"upgrade istio-base {handler.folder / 'base-kinds'} --install --namespace n"]
    assert "virtualservices.networking.istio.io" in (handler.folder / "base-kinds/kinds.json").read_text()
    assert [(entry.what, entry.name) for entry in recorded(handler.records)] == [("chart, but for its kinds", "base")]
    handler.helm("uninstall", "istio-base", "--namespace", "n")
    assert recorded(handler.records) == []
    assert handler.commands()[1:] == ["uninstall istio-base --namespace n"]


def test_a_release_that_is_installed_is_uninstalled(handler: Handler) -> None:
    handler.helm("uninstall", "web", "--namespace", "n", "--kubeconfig", "k")
    assert handler.commands() == ["uninstall web --namespace n --kubeconfig k"]


def test_a_log_in_takes_the_password_and_gives_it_to_nobody(handler: Handler) -> None:
    done = subprocess.run(
        [handler.folder / "helm", "registry", "login", "--username", "AWS", "--password-stdin", "host"],
        input=b"secret",
        env=handler.environment,
        check=True,
        capture_output=True,
    )
    assert b"Login Succeeded" in done.stdout
    assert handler.commands() == []


JSON = '{"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1beta1.custom.example"}, "spec": {"service": {}}}'
RENDERED = f"""\
---
# Source: web/templates/all.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: about
data:
  text: "kind: APIService"
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1beta1.metrics.k8s.io
spec:
  group: metrics.k8s.io
  service:
    name: metrics-server
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1.example.com
spec:
  group: example.com
---
# Source: web/templates/objects.yaml
{JSON.replace("{}", '{"name": "adapter"}')}
"""


WEBHOOK = {"name": "pods.example.com", "clientConfig": {"service": {"name": "webhook", "namespace": "n"}}}
ELSEWHERE = {"name": "pods.example.com", "clientConfig": {"url": "https://webhook.example.com"}}


@pytest.mark.parametrize("kind", ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"])
def test_a_webhook_that_a_pod_would_answer_is_left_out_and_one_elsewhere_is_kept(kind: str) -> None:
    objects = [{"kind": kind, "metadata": {"name": name}, "webhooks": [webhook]} for name, webhook in (("in", WEBHOOK), ("out", ELSEWHERE))]
    kept, found = without_backends.split("".join(f"---\n{json.dumps(obj)}\n" for obj in objects))
    assert found == [(kind, "in")]
    assert '"out"' in kept


def test_an_api_service_that_a_pod_would_answer_for_is_left_out_and_nothing_else() -> None:
    kept, found = without_backends.split(RENDERED)
    assert found == [("APIService", "v1beta1.metrics.k8s.io"), ("APIService", "v1beta1.custom.example")]
    assert "v1beta1" not in kept
    assert kept.count("---") == RENDERED.count("---") - 2
    assert "name: about" in kept
    assert "v1.example.com" in kept


def test_what_is_left_out_is_recorded_by_the_plugin(tmp_path: Path) -> None:
    program = tmp_path / "plugin"
    write_program(program, without_backends.__file__)
    release = {"region": "cn-north-1", "cluster": "platform", "namespace": "n", "name": "metrics"}
    environment = {**os.environ, not_installed.FOLDER: str(tmp_path / "records"), without_backends.RELEASE: json.dumps(release)}
    done = subprocess.run([program], input=RENDERED, env=environment, capture_output=True, text=True, check=True)
    assert "v1beta1" not in done.stdout
    assert [(entry.release, entry.what, entry.name) for entry in recorded(tmp_path / "records")] == [
        ("metrics", "APIService", "v1beta1.custom.example"),
        ("metrics", "APIService", "v1beta1.metrics.k8s.io"),
    ]
