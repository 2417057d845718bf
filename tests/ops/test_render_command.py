"""`mlp render` as a person runs it."""

import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from mlplatform.config.load import environments, load
from mlplatform.local.aws.custom_resources.charts import Absent
from mlplatform.local.cluster import golang
from mlplatform.manifests import Release, releases
from mlplatform.manifests.late import late
from mlplatform.manifests.package import RECORD_LIMIT
from mlplatform.ops.main import main
from mlplatform.ops.render_command import as_yaml
from mlplatform.ops.rendering import render


def mlp(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def read(text: str) -> list[Any]:
    parser: Any = YAML(typ="safe")
    return [obj for obj in parser.load_all(text) if obj]


def test_a_folder_for_each_release_holds_a_file_for_each_object(tmp_path: Path) -> None:
    done = mlp("render", "china-dev", "--release", "namespaces", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    [release] = [release for release in releases(load("china-dev")) if release.name == "namespaces"]
    files = {path.name: read(path.read_text())[0] for path in (tmp_path / "namespaces").iterdir()}
    assert len(files) == len(release.objects)
    for obj in release.objects:
        described = obj["metadata"]
        name = "-".join(filter(None, (obj["kind"].lower(), described.get("namespace"), described["name"])))
        assert files[f"{name}.yaml"] == obj


def test_what_an_earlier_rendering_left_in_a_releases_folder_goes(tmp_path: Path) -> None:
    stale = tmp_path / "namespaces" / "configmap-old.yaml"
    stale.parent.mkdir()
    stale.write_text("kind: ConfigMap\n")
    assert mlp("render", "china-dev", "--release", "namespaces", "--out", str(tmp_path)).exit_code == 0
    assert not stale.exists()


def test_without_a_folder_the_objects_are_printed() -> None:
    done = mlp("render", "global-dev", "--release", "namespaces")
    assert {obj["kind"] for obj in read(done.stdout)} == {"Namespace", "NetworkPolicy"}


def test_a_release_that_is_not_there_is_refused_with_those_that_are() -> None:
    done = mlp("render", "china-dev", "--release", "nope")
    assert done.exit_code == 2
    assert "'nope' is not a release of china-dev (allowed: namespaces" in done.output


def test_a_chart_that_cannot_be_had_is_named_and_nothing_is_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object) -> Path:
        raise golang.ProgramsUnavailableError("no module proxy answers")

    def not_reached(*_: object) -> Absent:
        return Absent("the registry is not reached")

    monkeypatch.setattr("mlplatform.local.aws.custom_resources.carried.module_folder", unavailable)
    monkeypatch.setattr("mlplatform.local.aws.custom_resources.charts._in_registry", not_reached)
    done = mlp("render", "global-dev", "--release", "karpenter", "--out", str(tmp_path))
    assert done.exit_code == 1
    assert "mlp render: karpenter: chart karpenter 1.14.1 cannot be had here: " in done.stderr
    assert "no module proxy answers" in done.stderr
    assert list((tmp_path / "karpenter").iterdir()) == []


def test_a_package_in_the_users_folder_of_charts_is_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, charts = tmp_path / "source" / "karpenter", tmp_path / "charts"
    (source / "templates").mkdir(parents=True)
    (source / "Chart.yaml").write_text("apiVersion: v2\nname: karpenter\nversion: 1.14.1\n")
    (source / "templates" / "one.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {cluster: '{{ .Values.settings.clusterName }}'}\n"
    )
    charts.mkdir()
    with tarfile.open(charts / "karpenter-1.14.1.tgz", "w:gz") as package:
        package.add(source, "karpenter")
    monkeypatch.setenv("MLP_CHARTS", str(charts))
    done = mlp("render", "china-dev", "--release", "karpenter")
    assert done.exit_code == 0, done.stderr
    assert [obj["data"] for obj in read(done.stdout)] == [{"cluster": "china-dev"}]


@pytest.mark.parametrize("name", environments())
def test_helms_record_of_every_release_is_far_below_its_limit(name: str) -> None:
    here = load(name)
    sizes = {result.release.name: result.record_bytes for result in render(here, releases(here))}
    assert sizes
    assert {release: size for release, size in sizes.items() if size > RECORD_LIMIT // 2} == {}


def test_what_only_a_deployment_knows_is_shown_as_such() -> None:
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"host": late("database_host")}}
    [result] = render(load("china-dev"), [Release("app", "kube-system", "nodes", objects=[obj])])
    assert result.objects[0]["data"] == {"host": "KNOWN-AT-DEPLOYMENT-database_host"}


@pytest.mark.parametrize("text", ["one\ntwo\n", "\n", "  indented\n", "a: b", "{{workflow.name}}", "tail \nx", "", "1", "yes", "漢字"])
def test_texts_are_written_so_that_they_read_the_same(text: str) -> None:
    obj = {"apiVersion": "v1", "data": {"key": text, "list": [text, {"x": text}]}}
    assert read(as_yaml(obj)) == [obj]
