"""The real CDK CLI, CDK's own handler and the real Helm on a real cluster: releases made, upgraded, failed, rolled back, removed."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlplatform.local.aws.process import LocalAws
from tests.cluster.eks.cloud import ACCOUNT, Cloud, mentioning, wait
from tests.cluster.eks.tiny_app import CLUSTER, REGION, STACK, Tiny

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NODE = Path(sys.executable).with_name("node")


class Cli:
    """The pinned CDK CLI, led to a local AWS."""

    def __init__(self, aws: LocalAws, folder: Path) -> None:
        # A home of its own: the CLI keeps accounts by access key there.
        self._environment, self._folder = {**aws.environment(REGION), "HOME": str(folder)}, folder
        self._count = 0

    def run(self, *arguments: str | Path) -> tuple[int, str]:
        """Run it; return its exit code and all that it said."""
        command = [NODE, ROOT / "node_modules/aws-cdk/bin/cdk", "--no-color", "--no-notices", *arguments]
        done = subprocess.run(
            command, env=self._environment, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.returncode, done.stdout

    def deploy(self, state: Tiny) -> tuple[int, str]:
        self._count += 1
        self._assembly = state.synthesise(self._folder / str(self._count))
        return self.run("deploy", "--app", self._assembly, STACK, "--require-approval", "never")

    def destroy(self) -> tuple[int, str]:
        return self.run("destroy", "--app", self._assembly, STACK, "--force")


@pytest.fixture
def cloud(aws: LocalAws, tmp_path: Path) -> Cloud:
    return Cloud(aws, REGION, tmp_path)


@pytest.fixture
def cli(aws: LocalAws, tmp_path: Path) -> Cli:
    made = Cli(aws, tmp_path)
    code, said = made.run("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    assert code == 0, said
    return made


def status(cloud: Cloud) -> str:
    return str(cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"])


def is_there(cloud: Cloud) -> bool:
    """Whether the stack's cluster runs; other tests have theirs in the same cloud."""
    return CLUSTER in {cluster.name for cluster in cloud.controls.clusters()}


def not_installed(cloud: Cloud) -> list[dict[str, Any]]:
    """Return what was left out of the stack's cluster."""
    return [dict(entry) for entry in cloud.controls.not_installed() if entry["cluster"] == CLUSTER]


def flat(said: str) -> str:
    """Return what the CLI said without its line breaks."""
    return " ".join(said.split())


def test_releases_live_through_their_whole_life(cli: Cli, cloud: Cloud) -> None:
    code, said = cli.deploy(Tiny(admits_handler=False))
    assert code == 1
    assert "the server has asked for the client to provide credentials" in flat(said)
    assert status(cloud) == "ROLLBACK_COMPLETE"
    assert not is_there(cloud)

    code, said = cli.deploy(Tiny())
    assert code == 0, said
    administrator = cloud.administrator(CLUSTER)
    assert administrator.get("deployment/web", namespace="default")["status"]["availableReplicas"] == 2
    assert administrator.get("configmap/web", namespace="default")["data"] == {"message": "first"}
    assert administrator.get("crd/nodepools.karpenter.sh")["spec"]["group"] == "karpenter.sh"
    assert "v1beta1.metrics.k8s.io" not in administrator.kubectl("get", "apiservices")
    left_out = {(entry["release"], entry["what"], entry["name"], entry["version"]) for entry in not_installed(cloud)}
    assert left_out == {("absent", "chart", "nobody-has-it", "1.2.3"), ("web", "APIService", "v1beta1.metrics.k8s.io", None)}

    code, said = cli.deploy(Tiny("second"))
    assert code == 0, said
    assert administrator.get("configmap/web", namespace="default")["data"] == {"message": "second"}

    code, said = cli.deploy(Tiny("third", {"nowhere": "true"}, wait_seconds=10))
    assert code == 1
    assert "UPGRADE FAILED" in flat(said)
    assert "resource Deployment/default/web not ready. status: InProgress" in flat(said)
    assert status(cloud) == "UPDATE_ROLLBACK_COMPLETE"
    assert administrator.get("configmap/web", namespace="default")["data"] == {"message": "second"}
    history = administrator.helm("history", "web", "--namespace=default")
    assert [line.split()[-2:] for line in history.splitlines()[1:]], history
    assert "deployed" in history.splitlines()[-1]

    folder = str(administrator.kubeconfig.parent)
    code, said = cli.destroy()
    assert code == 0, said
    assert not_installed(cloud) == []
    assert not is_there(cloud)
    wait(lambda: not mentioning(folder), "no process is left", 20)
