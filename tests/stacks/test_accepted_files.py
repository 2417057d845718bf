from pathlib import Path

import pytest

from mlplatform.app import build
from mlplatform.stacks.root import new_app, synthesise
from tests.config.mutations import accepted
from tests.stacks.synthesis import CONCERNS


def test_what_the_config_accepts_synthesises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_VALIDATION", "false")  # the validators have tests of their own; here the stacks must take every setting
    files = accepted(50)
    assert len(files) == 50
    app = new_app(str(tmp_path))
    for settings in files:
        build(app, settings)
    synthesise(app)
    written = {path.name.removesuffix(".template.json") for path in tmp_path.glob("*.template.json")}
    assert written == {f"{settings.name}-{concern}" for settings in files for concern in CONCERNS}
