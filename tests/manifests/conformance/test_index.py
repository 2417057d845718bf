"""The index of upstream's release, as it is committed."""

import os
from pathlib import Path

import pytest

from mlplatform.config.load import load
from mlplatform.manifests.conformance.build import build, main
from mlplatform.manifests.conformance.index import FOLDER, indexed, read
from mlplatform.manifests.conformance.reasons import COMPONENTS

UPSTREAM = os.environ.get("MLP_UPSTREAM", "")
PUBLIC_DEFAULTS = ("kubeflow-oidc-authservice", "pUBnBOY80SnXgjibTYM9ZWNzY2xreNGQok", "15841185641784", "$2y$", "12341234", "minio123")
"""What upstream ships and everybody knows."""


@pytest.mark.skipif(not UPSTREAM, reason="MLP_UPSTREAM names no folder with upstream's rendered releases")
@pytest.mark.parametrize("component", indexed())
def test_upstreams_files_give_the_committed_index_to_the_byte(component: str) -> None:
    folder = Path(UPSTREAM) / read(component).upstream
    assert build(folder, component).as_text() == (FOLDER / f"{component}.json").read_text(encoding="utf-8")


def test_every_component_that_is_compared_has_an_index_and_the_other_way_round() -> None:
    assert indexed() == sorted(component.name for component in COMPONENTS)


def test_all_components_are_of_the_release_whose_images_we_run() -> None:
    [upstream] = {read(component).upstream for component in indexed()}
    assert upstream.startswith(f"kubeflow-{load('china-dev').versions.kubeflow}")


@pytest.mark.parametrize("component", indexed())
def test_a_file_says_all_that_it_was_written_from(component: str) -> None:
    assert read(component).as_text() == (FOLDER / f"{component}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("component", indexed())
def test_no_public_default_of_upstreams_is_in_an_index(component: str) -> None:
    text = (FOLDER / f"{component}.json").read_text(encoding="utf-8")
    assert [default for default in PUBLIC_DEFAULTS if default in text] == []


def test_a_folder_without_the_component_is_refused_with_what_it_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dex.yaml").touch()
    assert main([str(tmp_path), "katib"]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: has no katib.yaml (there is dex); name a folder of rendered files\n"


def test_the_order_of_upstreams_files_makes_no_other_index(tmp_path: Path) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: app}\nspec: {ports: [{port: 80}]}\n"
    (tmp_path / "one.yaml").write_text("---\n".join(service % name for name in "ab"))
    (tmp_path / "two.yaml").write_text("---\n".join(service % name for name in "ba"))
    assert build(tmp_path, "one").as_text() == build(tmp_path, "two").as_text()
