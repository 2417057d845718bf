"""Releases of ours as Helm charts, read by the real Helm."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from mlplatform.local.programs import helm_path
from mlplatform.manifests import Release
from mlplatform.manifests.late import filled, late, late_names
from mlplatform.manifests.objects import Object
from mlplatform.manifests.package import chart_files, chart_values


def release(**data: str) -> Release:
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "kube-system"}, "data": data}
    return Release("app", "kube-system", "nodes", objects=[obj])


def helm_template(folder: Path, of: Release, values: dict[str, Any] | None = None) -> subprocess.CompletedProcess[str]:
    for path, text in chart_files(of).items():
        file = folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    command = [helm_path(), "template", of.name, folder, "--values", "-"]
    return subprocess.run(command, input=json.dumps(values or {}), capture_output=True, text=True, check=False)


def rendered(folder: Path, of: Release, values: dict[str, Any] | None = None) -> list[Object]:
    parser: Any = YAML(typ="safe")
    done = helm_template(folder, of, values)
    assert done.returncode == 0, done.stderr
    return [obj for obj in parser.load_all(done.stdout) if obj]


@pytest.mark.parametrize(
    "text",
    [
        "{{workflow.name}}",
        "{{ .Values.nothing }} {{- end }} {{",
        "a\n---\nkind: Pod\n",
        "tab\t quote\" back\\slash 'single' # no comment",
        "ü 漢字 🙂",
        "yes",
        "1e3",
        "",
    ],
)
def test_every_text_comes_out_as_it_went_in(text: str, tmp_path: Path) -> None:
    of = release(word=text)
    assert rendered(tmp_path, of) == list(of.objects)


def test_a_late_value_enters_by_helms_values_alone(tmp_path: Path) -> None:
    of = release(host=f"tcp://{late('database_host')}:3306", other="{{ .Values.late.database_host }}")
    [obj] = rendered(tmp_path, of, chart_values({"database_host": 'db."x".example'}))
    assert obj["data"] == {"host": 'tcp://db."x".example:3306', "other": "{{ .Values.late.database_host }}"}


def test_a_late_value_that_is_not_given_fails_by_its_name(tmp_path: Path) -> None:
    done = helm_template(tmp_path, release(host=late("database_host")))
    assert done.returncode != 0
    assert "late.database_host is missing" in done.stderr


def test_late_values_are_found_and_filled_in_a_charts_values_too() -> None:
    values = {"settings": {"endpoint": late("endpoint"), "list": [late("name"), 3], "on": True}}
    assert late_names(values) == ["endpoint", "name"]
    assert filled(values, {"endpoint": "https://x", "name": "y"}) == {"settings": {"endpoint": "https://x", "list": ["y", 3], "on": True}}


def test_a_late_values_name_that_helm_could_not_read_is_refused() -> None:
    with pytest.raises(ValueError, match="lower case"):
        late("database-host")


def test_the_charts_version_says_whether_its_content_is_the_same() -> None:
    one, same, other = (json.loads(chart_files(of)["Chart.yaml"])["version"] for of in (release(a="1"), release(a="1"), release(a="2")))
    assert one == same != other


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"objects": release().objects, "values": {"a": 1}},
        {"objects": release().objects, "timeout": 601},
        {"objects": release().objects, "timeout": 0},
    ],
)
def test_a_release_that_could_not_be_installed_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="release app: "):
        Release("app", "kube-system", "nodes", **wrong)
