"""The app as a whole: pure, the same everywhere, flat, and within CloudFormation's limits."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlplatform.app import build
from mlplatform.config.load import load
from mlplatform.ops.cdk import command, environment
from mlplatform.stacks.root import new_app
from tests.stacks.synthesis import CONCERNS, ENVIRONMENTS, committed

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 200_000
MOST_RESOURCES = 150


def run(*prefix: str, folder: Path, **context: str) -> subprocess.CompletedProcess[str]:
    """Run app.py as the CDK CLI does."""
    given = {**os.environ, "CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": json.dumps(context), "CDK_VALIDATION": "false"}
    return subprocess.run([*prefix, sys.executable, str(ROOT / "app.py")], env=given, cwd=ROOT, capture_output=True, text=True, check=False)


def cdk(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the CDK CLI, without credentials."""
    without = {key: value for key, value in environment().items() if not key.startswith("AWS_")}
    return subprocess.run(command(*arguments), env=without, cwd=ROOT, capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def synthesised(folder: Path, *names: str) -> dict[str, bytes]:
    app = new_app(str(folder))
    for name in names:
        build(app, load(name))
    app.synth()
    return files(folder)


def test_stacks_are_flat_and_named_after_their_environment_and_concern() -> None:
    assert set(committed()) == {f"{name}-{concern}" for name in ENVIRONMENTS for concern in CONCERNS}


def test_the_same_files_give_the_same_bytes_in_another_folder(tmp_path: Path) -> None:
    first = synthesised(tmp_path / "here", *ENVIRONMENTS)
    second = synthesised(tmp_path / "elsewhere" / "deeper", *ENVIRONMENTS)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_cli_makes_the_same_bytes_of_one_environment_and_asks_for_nothing(tmp_path: Path) -> None:
    outcome = cdk("synth", "--quiet", "--context", "env=china-prod", "--output", str(tmp_path / "cli"))
    assert outcome.returncode == 0, outcome.stderr
    assert "AWS calls" not in outcome.stderr
    alone = {path.name: path.read_bytes() for path in (tmp_path / "cli").glob("*.template.json")}
    among_all = synthesised(tmp_path / "all", *ENVIRONMENTS)
    assert alone == {name: content for name, content in among_all.items() if re.fullmatch(r"china-prod-\w+\.template\.json", name)}


def test_synthesis_opens_no_connection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("synthesis tried to use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert synthesised(tmp_path, "china-prod")


def test_synthesis_works_without_any_network_interface(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("network namespaces are not permitted here")
    outcome = run(unshare, "-rn", folder=tmp_path, env="china-dev")
    assert outcome.returncode == 0, outcome.stderr
    assert (tmp_path / "china-dev-cluster.template.json").exists()


def test_the_cli_has_nothing_to_look_up_in_the_account(tmp_path: Path) -> None:
    manifest = json.loads(synthesised(tmp_path, *ENVIRONMENTS)["manifest.json"])
    assert "missing" not in manifest


def test_an_unknown_environment_is_refused_with_the_names_that_there_are(tmp_path: Path) -> None:
    outcome = run(folder=tmp_path, env="china-dev,elsewhere")
    assert outcome.returncode == 2
    assert "elsewhere" in outcome.stderr
    assert all(name in outcome.stderr for name in ENVIRONMENTS)
    assert "Traceback" not in outcome.stderr
    assert not list(tmp_path.glob("*.template.json"))


def test_a_resource_has_the_same_logical_id_in_all_environments() -> None:
    ids: dict[str, set[str]] = {}
    for stack, template in committed().items():
        for logical_id, resource in template.resources.items():
            _, _, below = resource["Metadata"]["aws:cdk:path"].partition("/")
            ids.setdefault(f"{stack.rpartition('-')[2]}/{below}", set()).add(logical_id)
    assert {path: each for path, each in ids.items() if len(each) > 1} == {}
    assert not [path for path in ids if any(name in path for name in ENVIRONMENTS)]


def test_cluster_and_data_deploy_side_by_side() -> None:
    app = new_app()
    build(app, load("china-dev"))
    needs = {stack.stack_name: {each.id for each in stack.dependencies} for stack in app.synth().stacks}
    for concern in ("cluster", "data"):
        assert needs[f"china-dev-{concern}"] & set(needs) == {"china-dev-network"}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_stack_carries_the_environments_tags(name: str) -> None:
    app = new_app()
    build(app, load(name))
    for stack in app.synth().stacks:
        assert stack.tags == {**load(name).tags, "mlplatform:environment": name}


def test_templates_stay_far_below_the_limits_of_cloudformation(tmp_path: Path) -> None:
    # A megabyte and 500 resources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    for name, content in synthesised(tmp_path, *ENVIRONMENTS).items():
        if name.endswith(".template.json"):
            assert len(content) < MOST_BYTES, name
            assert len(json.loads(content)["Resources"]) < MOST_RESOURCES, name


def strings(value: Any) -> list[str]:
    """Return every text in a template, keys too."""
    if isinstance(value, dict):
        return [text for key, each in value.items() for text in (str(key), *strings(each))]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]  # pyright: ignore[reportUnknownVariableType] - JSON
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", [name for name in ENVIRONMENTS if name.startswith("china")])
def test_nothing_in_a_china_template_belongs_to_the_global_partition(name: str) -> None:
    for concern in CONCERNS:
        for text in strings(committed()[f"{name}-{concern}"].body):
            assert "arn:aws:" not in text
            # Hosts end in .cn; of the rest, these principals, this audience and these endpoint names have none in China either.
            for host in re.findall(r"[\w.$-]*amazonaws\.com(?!\.cn)", text):
                service = host.removesuffix(".amazonaws.com")
                assert service in {"ec2", "eks", "elasticloadbalancing", "events", "lambda", "logging.s3", "sts", "vpc-flow-logs"}, text


def test_the_cli_sees_a_change_and_sees_none_where_there_is_none(tmp_path: Path) -> None:
    synthesised(tmp_path / "before", "global-dev")
    app = new_app(str(tmp_path / "after"))
    settings = load("global-dev")
    database = settings.database.model_copy(update={"backup_days": settings.database.backup_days + 1})
    build(app, settings.model_copy(update={"database": database}))
    app.synth()
    for concern, differs in (("data", 1), ("network", 0)):
        old = tmp_path / "before" / f"global-dev-{concern}.template.json"
        outcome = cdk("diff", "--app", str(tmp_path / "after"), "--fail", "--exclusively", "--template", str(old), f"global-dev-{concern}")
        assert outcome.returncode == differs, outcome.stdout + outcome.stderr
        assert ("BackupRetentionPeriod" in outcome.stdout + outcome.stderr) == bool(differs)
