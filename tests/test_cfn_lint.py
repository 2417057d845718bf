"""The templates of every environment in the eyes of cfn-lint, which knows what each region has."""

from pathlib import Path
from typing import Any

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

from mlplatform.app import build
from mlplatform.config.load import environments, load
from mlplatform.config.settings import Settings
from mlplatform.stacks.root import new_app

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = [load(name) for name in environments()]


def findings(region: str, folder: Path, *settings: Settings, stacks: str = "*") -> list[str]:
    """Return what cfn-lint says of some environments' stacks, with the repository's own configuration."""
    app = new_app(str(folder))
    for each in settings:
        build(app, each)
    app.synth()
    made = sorted(map(str, folder.glob(f"{stacks}.template.json")))
    assert made
    linter: Any = Runner(ConfigMixIn(regions=[region], templates=made))
    return [f"{match.filename}: {match.rule.id} {match.message}" for match in linter.run()]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] - pytest calls it
    monkeypatch.chdir(ROOT)  # cfn-lint looks for its configuration in the working directory


@pytest.mark.parametrize("region", sorted({settings.region for settings in ENVIRONMENTS}))
def test_cfn_lint_finds_nothing_that_the_region_lacks(region: str, tmp_path: Path) -> None:
    assert findings(region, tmp_path, *(settings for settings in ENVIRONMENTS if settings.region == region)) == []


def test_cfn_lint_would_find_an_instance_class_that_china_lacks(tmp_path: Path) -> None:
    settings = load("china-dev")
    wrong = settings.model_copy(update={"database": settings.database.model_copy(update={"instance_class": "db.m6i.large"})})
    [finding] = findings("cn-north-1", tmp_path, wrong, stacks="china-dev-data")
    assert "E3025" in finding
