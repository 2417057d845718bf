"""Whole environments, deployed by the real CDK CLI to a local AWS."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.local import session
from mlplatform.local.aws.process import LocalAws
from mlplatform.ops import cdk
from mlplatform.ops.deployment import StackState, deploy, run_cli, stacks

NAME = "global-dev"
MLP = Path(sys.executable).with_name("mlp")


class Account:
    """A local AWS that is bootstrapped, and the environment's stacks in it."""

    def __init__(self, aws: LocalAws, log: Path) -> None:
        self.settings = load(NAME)
        self.log = log
        self.environment = {**aws.environment(self.settings.region), "CDK_VALIDATION": "false"}
        self.cloudformation: Any = session.client(aws.running, "cloudformation", self.settings.region)
        self.eks: Any = session.client(aws.running, "eks", self.settings.region)
        run_cli(["bootstrap", f"aws://{self.settings.account}/{self.settings.region}"], self.environment, log)

    def states(self) -> dict[str, StackState]:
        return {state.name.removeprefix(f"{NAME}-"): state for state in stacks(NAME, self.cloudformation)}

    def deploy(self) -> dict[str, StackState]:
        deploy(NAME, environment=self.environment, cloudformation=self.cloudformation, log=self.log, progress=lambda _: None)
        return self.states()

    def kill_deployment(self, when: Callable[[dict[str, StackState]], bool]) -> None:
        """Start a deployment and kill the CLI, as a closed laptop would, once the stacks are as wanted."""
        arguments = ["deploy", "-c", f"env={NAME}", "--all", "--require-approval", "never", "--concurrency", "3"]
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                cdk.command(*arguments), cwd=cdk.OWN_ROOT, env=cdk.environment(self.environment), stdout=output, stderr=output
            )
        while not when(self.states()):
            assert process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with LocalAws(account=load(NAME).account, seed=1) as aws:
        yield Account(aws, tmp_path_factory.mktemp("cdk") / "log")


def begun(name: str) -> Callable[[dict[str, StackState]], bool]:
    return lambda states: name in states and states[name].done > 0


def reviewed(name: str) -> Callable[[dict[str, StackState]], bool]:
    return lambda states: name in states


def test_a_deployment_that_was_killed_in_three_places_is_continued_by_the_next(account: Account) -> None:
    account.kill_deployment(reviewed("network"))
    account.kill_deployment(begun("network"))
    account.kill_deployment(begun("cluster"))
    states = account.deploy()
    assert {name: state.status for name, state in states.items()} == {
        "network": "CREATE_COMPLETE",
        "cluster": "CREATE_COMPLETE",
        "compute": "CREATE_COMPLETE",
        "data": "CREATE_COMPLETE",
        "kubeflow": "CREATE_COMPLETE",
    }
    assert account.eks.describe_cluster(name=NAME)["cluster"]["status"] == "ACTIVE"

    again = account.deploy()
    assert again == states, "a second deployment of the same files must change nothing"


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(MLP), "demo", *arguments], cwd=cdk.OWN_ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["china-dev", "global-prod"])
def test_the_demo_deploys_an_environment_and_says_what_exists(name: str) -> None:
    shown = demo(name, "--no-cluster")
    assert shown.returncode == 0, shown.stderr
    settings = load(name)
    for concern in ("network", "cluster", "compute", "data", "kubeflow"):
        [row] = [line for line in shown.stdout.splitlines() if line.startswith(f"{name}-{concern} ")]
        assert row.split()[-1] == "CREATE_COMPLETE"
    assert settings.names.artifacts_bucket in shown.stdout
    assert settings.names.role_arn("nodes") in shown.stdout
    assert f".{settings.region}.eks.{settings.place.partition.url_suffix}" in shown.stdout
    assert shown.stderr.rstrip().endswith("Stopped the local AWS.")
