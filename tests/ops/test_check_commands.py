"""`mlp check`."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlplatform.config.settings import Settings
from mlplatform.manifests import Wave
from mlplatform.ops import check_commands

NAMESPACE: Any = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "app"}}
CLAIM: Any = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data", "namespace": "app"},
    "spec": {"storageClassName": "gp3"},
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check_commands.check, list(arguments))


def installing(monkeypatch: pytest.MonkeyPatch, *objects: Any) -> None:
    def waves(_: Settings) -> list[Wave]:
        return [Wave("platform", objects)]

    monkeypatch.setattr(check_commands, "waves", waves)


def test_what_is_missing_is_printed_with_its_environment_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    installing(monkeypatch, NAMESPACE, CLAIM)
    result = run("china-dev")
    assert result.exit_code == 1
    assert (
        "china-dev: platform: PersistentVolumeClaim app/data: spec.storageClassName: needs StorageClass gp3: found nowhere" in result.stdout
    )


def test_a_complete_environment_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    installing(monkeypatch, NAMESPACE)
    result = run("china-dev", "global-dev")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()[1:]] == [["china-dev", "1", "1", "0"], ["global-dev", "1", "1", "0"]]


def test_an_environment_without_objects_says_so_and_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    installing(monkeypatch)
    result = run("china-dev", "--json")
    assert result.exit_code == 1
    assert "china-dev installs no Kubernetes object yet, so nothing was checked" in result.stderr
    assert json.loads(result.stdout) == [{"environment": "china-dev", "waves": 1, "objects": 0, "findings": [], "passed": False}]


def test_a_finding_in_json_has_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    installing(monkeypatch, NAMESPACE, CLAIM)
    [finding] = json.loads(run("china-dev", "--json").stdout)[0]["findings"]
    assert finding["path"] == "spec.storageClassName"
    assert set(finding) == {"reference", "wave", "object", "path", "needed", "found", "remedy"}
