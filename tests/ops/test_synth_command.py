import json
import subprocess
import sys
from pathlib import Path

import pytest

MLP = Path(sys.executable).with_name("mlp")
ROOT = Path(__file__).resolve().parents[2]


def synth(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(MLP), "synth", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def profiled(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    return synth("china-dev", "--out", str(tmp_path_factory.mktemp("out")), "--profile", "--json")


def test_the_named_environment_alone_is_synthesised(profiled: subprocess.CompletedProcess[str]) -> None:
    stacks = json.loads(profiled.stdout)["stacks"]
    concerns = ("cluster", "compute", "data", "kubeflow", "network")
    assert [stack["stack"] for stack in stacks] == [f"china-dev-{concern}" for concern in concerns]
    assert all(stack["resources"] > 10 for stack in stacks)


def test_progress_is_apart_from_the_result(profiled: subprocess.CompletedProcess[str]) -> None:
    assert profiled.stderr.startswith("china-dev            built in ")


def test_the_profile_names_every_validator(profiled: subprocess.CompletedProcess[str]) -> None:
    named = {cost["what"] for cost in json.loads(profiled.stdout)["validators"]}
    assert {"the platform's rules", "cdk-nag", "CDK's validator"} <= named


def test_an_unknown_environment_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    refused = synth("chyna-dev", "--out", str(tmp_path / "out"))
    assert refused.returncode == 2
    assert "chyna-dev" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "out").exists()
