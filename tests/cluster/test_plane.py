import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from mlplatform.local.cluster import ownership
from mlplatform.local.cluster.api import Api
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.kubeconfig import read_kubeconfig
from mlplatform.local.cluster.nodes import Nodes
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane, PlaneError
from tests.cluster.cluster import Cluster
from tests.cluster.shared_plane import ISSUER

EXAMPLE = Path(__file__).parents[2] / "docs" / "local.md"


def options(number: int = 0) -> Options:
    return Options(issuer=eks_issuer("us-west-2", f"{number:032X}"))


def test_the_api_server_is_ready_and_of_our_version(local_cluster: Cluster):
    assert local_cluster.kubectl("get", "--raw=/readyz") == "ok"
    assert '"gitVersion": "v1.36.' in local_cluster.kubectl("get", "--raw=/version")


def test_service_account_tokens_are_issued_as_on_eks_in_china(local_cluster: Cluster):
    discovery = local_cluster.kubectl("get", "--raw=/.well-known/openid-configuration")
    assert ISSUER.startswith("https://oidc.eks.cn-north-1.amazonaws.com.cn/id/")
    assert f'"issuer":"{ISSUER}"' in discovery
    assert f'"jwks_uri":"{ISSUER}/keys"' in discovery


def test_there_is_no_api_service_without_a_backend(local_cluster: Cluster):
    services = local_cluster.get("apiservices")["items"]
    assert [item["metadata"]["name"] for item in services if item["spec"].get("service")] == []


def test_two_planes_run_side_by_side_and_know_nothing_of_each_other(programs: ProgramPaths, tmp_path: Path):
    with ControlPlane(tmp_path / "one", options(1), programs) as one, ControlPlane(tmp_path / "two", options(2), programs) as two:
        one.api.create("/api/v1/namespaces", {"metadata": {"name": "only-here"}})
        names = [item["metadata"]["name"] for item in two.api.get("/api/v1/namespaces")["items"]]
        assert "only-here" not in names
        assert "kube-system" in names
        memory = {name: f"{size / 2**20:.0f} MiB" for name, size in one.processes.memory().items()}
        Console(stderr=True).print("memory of a fresh plane:", memory)
        marks = [one.id, two.id]
    assert [ownership.processes(mark) for mark in marks] == [[], []]


def example() -> str:
    """Return the example of the documentation, with a plane that goes on."""
    (code,) = re.findall(r"^```python\n(.*?)^```", EXAMPLE.read_text(), re.DOTALL | re.MULTILINE)
    return f"import time\n{code}    print(plane.id, flush=True)\n    time.sleep(600)\n"


@pytest.mark.usefixtures("programs")
def test_the_documented_example_runs_and_leaves_nothing_when_it_is_killed(tmp_path: Path):
    with subprocess.Popen([sys.executable, "-c", example()], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        kubeconfig = Path(owner.stdout.readline().strip())
        assert Nodes(Api(*read_kubeconfig(kubeconfig)), "").names() == ["node-1"]
        mark = owner.stdout.readline().strip()
        names = {Path(process.exe()).name for process in ownership.processes(mark)}
        assert names == {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"}
        owner.send_signal(signal.SIGKILL)
    end = time.monotonic() + 20
    while ownership.processes(mark) and time.monotonic() < end:
        time.sleep(0.1)
    assert ownership.processes(mark) == []


def test_a_program_that_fails_is_quoted_and_nothing_is_left(programs: ProgramPaths, tmp_path: Path):
    broken = tmp_path / "etcd"
    broken.write_text("#!/bin/sh\necho 'no space left on device'; exit 1\n")
    broken.chmod(0o755)
    plane = ControlPlane(tmp_path / "plane", options(), ProgramPaths(**{**vars(programs), "etcd": broken}))
    with pytest.raises(PlaneError, match=r"etcd ended with exit code 1: no space left on device; logs are in .*/plane/logs"):
        plane.start()
    assert ownership.processes(plane.id) == []


def test_nobody_else_can_read_the_administrator_s_token(local_cluster: Cluster):
    folder = local_cluster.kubeconfig.parent
    assert local_cluster.kubeconfig.stat().st_mode & 0o077 == 0
    assert (folder / "tokens.csv").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_token_is_needed(local_cluster: Cluster):
    server, authority, _ = read_kubeconfig(local_cluster.kubeconfig)
    with pytest.raises(Exception, match="Unauthorized"):
        Api(server, authority, "guessed").get("/api/v1/namespaces")
