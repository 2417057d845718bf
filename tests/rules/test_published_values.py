"""What is deployed holds nothing that upstream tells everybody: templates, charts and whatever else is in the assembly."""

from pathlib import Path

from tests.manifests.hardening.values import PUBLISHED
from tests.rules.conftest import Validated


def test_nothing_in_the_assembly_is_a_secret_that_everybody_knows(validated: Validated) -> None:
    found = {
        f"{file.relative_to(validated.folder)}: {known}"
        for file in written(validated.folder)
        for known in PUBLISHED
        if known in file.read_text(encoding="utf-8", errors="replace")
    }
    assert found == set()


def test_templates_and_charts_are_among_what_is_searched(validated: Validated) -> None:
    names = {file.name for file in written(validated.folder)}
    assert {"china-dev-kubeflow.template.json", "global-prod-kubeflow.template.json", "Chart.yaml"} <= names


def written(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
