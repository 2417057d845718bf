"""The local AWS as a process: started, announced, stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mlplatform.local.aws.process import LocalAws, LocalAwsError, RunningAws

COMMAND = [sys.executable, "-m", "mlplatform.local.aws"]


def wait_for(path: Path) -> RunningAws:
    while not path.exists():
        time.sleep(0.05)
    return RunningAws.read(path)


def test_it_announces_itself_binds_loopback_alone_and_stops_on_a_signal(tmp_path: Path) -> None:
    state, log = tmp_path / "state.json", tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*COMMAND, "--account", "111122223333", "--seed", "42", "--state-file", str(state)], stdout=output, stderr=output
        )
    try:
        running = wait_for(state)
        sockets = [
            connection.laddr.ip for connection in psutil.Process(process.pid).net_connections() if connection.status == psutil.CONN_LISTEN
        ]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()

    assert json.loads(state.read_text()) == {
        "endpoint": running.endpoint,
        "pid": process.pid,
        "account": "111122223333",
        "seed": 42,
        "cluster": False,
    }
    assert sockets == ["127.0.0.1"]
    said = log.read_text()
    assert "for trying and testing" in said
    assert running.endpoint in said
    assert "seed 42" in said
    assert said.endswith("stopped\n")


def test_it_does_not_outlive_who_started_it() -> None:
    starter = f"""
import os, sys
from mlplatform.local.aws.process import LocalAws
aws = LocalAws(account="123456789012")
aws.__enter__()
sys.stdout.write(str(aws.running.pid))
sys.stdout.flush()
os.kill({os.getpid()} and os.getpid(), {int(signal.SIGKILL)})
"""
    killed = subprocess.run([sys.executable, "-c", starter], stdout=subprocess.PIPE, check=False)
    assert killed.returncode == -signal.SIGKILL

    psutil.wait_procs([psutil.Process(int(killed.stdout))] if psutil.pid_exists(int(killed.stdout)) else [], timeout=30)
    assert not psutil.pid_exists(int(killed.stdout))


@pytest.mark.parametrize("account", ["12345", "12345678901a", "١٢٣٤٥٦٧٨٩٠١٢"])
def test_an_account_has_twelve_digits(account: str) -> None:
    refused = subprocess.run([*COMMAND, "--account", account], capture_output=True, text=True, check=False)

    assert refused.returncode == 2
    assert f"{account!r} is no account; an account has twelve digits" in refused.stderr


def test_a_start_that_fails_says_why(aws: LocalAws) -> None:
    taken = int(aws.endpoint.rsplit(":", 1)[1])

    with pytest.raises(LocalAwsError, match="did not start") as refusal, LocalAws(account="123456789012", port=taken):
        pass

    assert "Address already in use" in str(refusal.value)


def test_the_environment_leads_to_this_aws_and_nowhere_else(aws: LocalAws) -> None:
    base = {
        "PATH": "/bin",
        "AWS_CA_BUNDLE": "/x",
        "AWS_PROFILE": "mine",
        "https_proxy": "http://proxy",
        "HTTP_PROXY": "http://proxy",
        "AWS_SESSION_TOKEN": "t",
    }

    china, world = (aws.running.environment(region, base) for region in ("cn-north-1", "us-west-2"))

    assert base.keys() - china.keys() == {"AWS_CA_BUNDLE", "AWS_PROFILE", "https_proxy", "HTTP_PROXY", "AWS_SESSION_TOKEN"}
    assert (china["PATH"], china["AWS_REGION"], china["AWS_ENDPOINT_URL"]) == ("/bin", "cn-north-1", aws.endpoint)
    # The CDK CLI remembers account and partition of a key on disk: another partition or server must have another key.
    assert china["AWS_ACCESS_KEY_ID"] != world["AWS_ACCESS_KEY_ID"]
    assert china["AWS_ACCESS_KEY_ID"] == aws.running.environment("cn-northwest-1", base)["AWS_ACCESS_KEY_ID"]
    other = RunningAws(endpoint=aws.endpoint, pid=1, account="111122223333", seed=0)
    assert other.environment("cn-north-1", base)["AWS_ACCESS_KEY_ID"] != china["AWS_ACCESS_KEY_ID"]
