"""The log agent: where it writes, and what it makes of the names of log files.

Where MLP_FLUENT_BIT names the real program, it reads the configuration too.
"""

import json
import os
import re
import subprocess
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from mlplatform.config.load import environments, load
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute import log_agent
from mlplatform.manifests.objects import Object
from tests.config.files import DEV, settings

PROGRAM = os.environ.get("MLP_FLUENT_BIT", "")
ID = "0123456789abcdef" * 4


def by_kind(here: Settings) -> dict[str, Object]:
    return {obj["kind"]: obj for obj in log_agent.objects(here)}


def written(here: Settings) -> str:
    return by_kind(here)["ConfigMap"]["data"]["fluent-bit.yaml"]


def loaded(here: Settings) -> Any:
    parser: Any = YAML(typ="safe")
    return parser.load(written(here))


def test_logs_that_are_not_collected_need_no_agent() -> None:
    assert log_agent.objects(settings(f"{DEV}    compute: {{logs: {{collected: false}}}}")) == []


@pytest.mark.parametrize("name", environments())
def test_the_agent_writes_the_environments_group_and_makes_none(name: str) -> None:
    (output,) = loaded(load(name))["pipeline"]["outputs"]
    assert output["log_group_name"] == f"/mlplatform/{name}/containers"
    assert output["region"] == load(name).region
    # The group's retention and key are those of the group that is there before.
    assert output["auto_create_group"] is False


def test_the_agent_wears_the_role_of_its_environment() -> None:
    here = load("china-dev")
    account, agent = by_kind(here)["ServiceAccount"], by_kind(here)["DaemonSet"]
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == here.names.role_arn(log_agent.ROLE)
    assert agent["spec"]["template"]["spec"]["serviceAccountName"] == account["metadata"]["name"]


def test_the_agent_is_on_every_node() -> None:
    assert "affinity" not in by_kind(load("china-dev"))["DaemonSet"]["spec"]["template"]["spec"]


def test_a_new_configuration_starts_the_agents_anew() -> None:
    template, another = (by_kind(load(name))["DaemonSet"]["spec"]["template"] for name in ("china-dev", "china-prod"))
    assert template["metadata"]["annotations"] != another["metadata"]["annotations"]


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        (f"train-x7k2_team-a_main-{ID}.log", ("train-x7k2", "team-a", "main")),
        (f"release.v1.2_kube-system_istio-proxy-{ID}.log", ("release.v1.2", "kube-system", "istio-proxy")),
        (f"a_b_step-0123-{ID}.log", ("a", "b", "step-0123")),
    ],
)
def test_the_name_of_a_file_says_whose_it_is(file: str, parts: tuple[str, str, str]) -> None:
    (parser,) = loaded(load("china-dev"))["parsers"]
    found = re.search(parser["regex"].replace("(?<", "(?P<"), f"/var/log/containers/{file}")
    assert found
    assert found.group("pod", "namespace", "container") == parts


def test_the_agent_does_not_send_what_it_says_of_sending() -> None:
    here = load("china-dev")
    (tail,) = loaded(here)["pipeline"]["inputs"]
    daemon_set = by_kind(here)["DaemonSet"]["metadata"]
    name = f"/var/log/containers/{daemon_set['name']}-x7k2p_{daemon_set['namespace']}_{daemon_set['name']}-{ID}.log"
    assert Path(name).match(tail["path"])
    assert Path(name).match(tail["exclude_path"])


@pytest.mark.skipif(not PROGRAM, reason="MLP_FLUENT_BIT names no Fluent Bit")
def test_the_real_fluent_bit_reads_what_containerd_writes(tmp_path: Path) -> None:
    for pod, container in (("train-x7k2", "main"), ("log-agent-x7k2", "log-agent")):
        namespace = "team-a" if container == "main" else "node-agents"
        file = tmp_path / "log" / "containers" / f"{pod}_{namespace}_{container}-{ID}.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = ("stdout F epoch 1", "stderr P a line that is ", "stderr F cut in two")
        file.write_text("".join(f"2026-11-24T10:00:0{second}.5Z {line}\n" for second, line in enumerate(lines)))
    config = written(load("china-dev"))
    config = config.replace("/var/lib/log-agent", str(tmp_path / "state")).replace("/var/log", str(tmp_path / "log"))
    # Here nothing answers for CloudWatch, and whose ports are free is not known.
    config = config[: config.index("  outputs:")].replace("http_server: on", "http_server: off")
    chosen = tmp_path / "fluent-bit.yaml"
    chosen.write_text(f"{config}  outputs:\n    - name: stdout\n      match: container\n      format: json_lines\n")
    with subprocess.Popen([PROGRAM, "-c", chosen], stdout=subprocess.PIPE, text=True, env={"NODE_NAME": "ip-10-0-0-1"}) as agent:
        assert agent.stdout
        records = [json.loads(line) for line in islice((line for line in agent.stdout if line.startswith("{")), 2)]
        agent.terminate()
    assert [record["log"] for record in records] == ["epoch 1", "a line that is cut in two"]
    assert {(record["namespace"], record["pod"], record["container"], record["node"]) for record in records} == {
        ("team-a", "train-x7k2", "main", "ip-10-0-0-1")
    }
