"""`mlp local` as a person uses it: an environment and its cluster up, found again, killed in three places, and gone."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mlplatform.config.load import load
from mlplatform.local.aws.custom_resources.without_backends import KINDS
from mlplatform.local.aws.process import RunningAws
from mlplatform.local.cluster import ownership
from mlplatform.local.cluster.api import Api
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.kubeconfig import read_kubeconfig
from mlplatform.local.session import MARK, client
from mlplatform.manifests import releases
from mlplatform.ops.demo.gpu_job import GpuJob
from tests.cluster.cluster import Cluster
from tests.cluster.eks.cloud import mentioning, wait

pytestmark = pytest.mark.slow

NAME = "china-dev"
MLP = Path(sys.executable).with_name("mlp")
ROOT = Path(__file__).parents[3]


class Machine:
    """A person's machine, with a folder of its own for sessions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Validators have tests of their own; without them a synthesis is shorter.
        self._environment = {**os.environ, "MLP_LOCAL": str(folder), "CDK_VALIDATION": "false"}

    def mlp(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [MLP, "local", *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "mlp.log").open("ab") as log:
            return subprocess.Popen(
                [MLP, "local", *arguments], cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def left(self) -> list[list[str]]:
        """Return the command lines of all that runs for these sessions."""
        marked = ownership.carrying(MARK, str(self.folder / NAME))
        return [process.cmdline() for process in marked] + mentioning(str(self.folder / NAME))

    @property
    def running(self) -> RunningAws:
        return RunningAws.read(self.folder / NAME / "aws.json")

    def status(self) -> dict[str, Any]:
        (found,) = json.loads(self.mlp("status", "--json").stdout)
        return found


@pytest.fixture
def machine(programs: ProgramPaths, tmp_path: Path) -> Generator[Machine]:
    assert programs
    made = Machine(tmp_path)
    yield made
    made.mlp("down")


def test_what_a_killed_up_leaves_is_gone_after_down(machine: Machine) -> None:
    first = machine.begin("up", NAME, "--seed", "1")
    wait(machine.left, "the local AWS is being started")
    first.kill()
    first.wait()
    assert f"stopped {NAME}" in machine.mlp("down").stderr
    assert machine.left() == []

    second = machine.begin("up", NAME, "--seed", "1")
    wait(lambda: mentioning(f"{machine.folder / NAME}/clusters/"), "the control plane is being started")
    second.kill()
    second.wait()
    assert any("app.py" in " ".join(line) or "cdk" in " ".join(line) for line in machine.left()), "the CDK CLI goes on"
    assert f"stopped {NAME}" in machine.mlp("down", NAME).stderr
    assert machine.left() == []
    assert "nothing runs" in machine.mlp("down").stderr


def test_an_environment_is_up_with_its_cluster_until_it_is_killed(machine: Machine) -> None:
    up = machine.mlp("up", NAME, "--seed", "1")
    assert up.returncode == 0, up.stdout + up.stderr
    settings, status = load(NAME), machine.status()
    (cluster,) = status["clusters"]
    assert f"export KUBECONFIG={cluster['kubeconfig']}" in up.stdout
    assert machine.mlp("kubeconfig").stdout.strip() == cluster["kubeconfig"]
    assert {process["name"] for process in cluster["processes"]} >= {"etcd", "kube-apiserver", "kwok", "karpenter"}
    for listener in cluster["listeners"]:
        assert f"{listener['what']} listens on every interface, port {listener['port']}" in up.stderr
    assert {entry["what"] for entry in status["not_installed"]} <= {*KINDS, "chart", "chart, but for its kinds"}
    published = {release.name for release in releases(settings) if release.chart}
    assert {entry["release"] for entry in status["not_installed"] if entry["what"].startswith("chart")} <= published

    region = settings.region
    eks = client(machine.running, "eks", region)
    administrator = Cluster(Path(cluster["kubeconfig"]), local=True)
    (group,) = eks.list_nodegroups(clusterName=NAME)["nodegroups"]
    eks.update_nodegroup_config(clusterName=NAME, nodegroupName=group, scalingConfig={"desiredSize": 3, "minSize": 2, "maxSize": 4})
    wait(lambda: eks.describe_nodegroup(clusterName=NAME, nodegroupName=group)["nodegroup"]["status"] == "ACTIVE", "a third node is there")
    administrator.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s")
    nodes = administrator.get("nodes")["items"]
    assert {node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in nodes} == set(settings.network.availability_zones)
    assert {node["metadata"]["labels"]["node.kubernetes.io/instance-type"] for node in nodes} == {
        settings.cluster.system_nodes.instance_types[0]
    }
    assert {"coredns", "vpc-cni", "kube-proxy", "aws-ebs-csi-driver"} <= set(eks.list_addons(clusterName=NAME)["addons"])

    for pool in administrator.get("nodepools")["items"]:
        patch = '{"spec":{"disruption":{"consolidateAfter":"2s"}}}'
        administrator.kubectl("patch", f"nodepool/{pool['metadata']['name']}", "--type=merge", f"--patch={patch}")
    job = GpuJob(Api(*read_kubeconfig(Path(cluster["kubeconfig"]))), client(machine.running, "ec2", region))
    steps = [step.what for step in job.run()]
    assert steps == [
        "pod pending", "NodeClaim", "instance launched", "node ready", "pod running", "job done", "node empty", "instance terminated",
    ]  # fmt: skip

    again = machine.mlp("up", NAME)
    assert again.returncode == 0, again.stderr
    assert "Using the local AWS that is up since an earlier run" in again.stderr
    assert machine.running.pid == status["pid"]

    asked = machine.mlp("up", NAME, "--no-cluster")
    assert asked.returncode == 2
    assert f"is up with a cluster; stop it first: mlp local down {NAME}" in asked.stderr

    guards = [process for process in psutil.process_iter(["cmdline"]) if is_guard(process, machine)]
    assert guards
    for process in (psutil.Process(status["pid"]), *guards):
        process.send_signal(signal.SIGKILL)
    assert mentioning(f"{machine.folder / NAME}/clusters/"), "nobody is left who would end the control plane"
    machine.mlp("down")
    assert machine.left() == []
    assert sorted(path.name for path in Path(cluster["kubeconfig"]).parent.iterdir()) == ["logs"]


def is_guard(process: psutil.Process, machine: Machine) -> bool:
    return process in ownership.carrying(MARK, str(machine.folder / NAME)) and any(
        part.endswith("guard.py") for part in process.info["cmdline"]
    )
