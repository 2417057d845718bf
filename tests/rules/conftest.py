"""The assembly of all committed environments and of the variants, validated once for all workers of a test run."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from mlplatform.app import build
from mlplatform.config.load import load_all
from mlplatform.config.settings import Settings
from mlplatform.rules.attach import attach
from mlplatform.rules.costs import Cost
from mlplatform.stacks.root import InvalidTemplateError, new_app, synthesise
from tests.rules.variants import written


@dataclass(frozen=True)
class Validated:
    """An assembly that went through all validators."""

    folder: Path
    environments: Sequence[Settings]
    costs: Sequence[Cost]


@pytest.fixture(scope="session")
def validated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Validated:
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    folder, costs = shared / "validated", shared / "costs.json"
    with FileLock(shared / "validated.lock"):
        environments = [*load_all(), *load_all(root=written(shared / "variants"))]
        if not costs.exists():
            app = new_app(str(folder))
            for settings in environments:
                build(app, settings)
            measured = attach(app, environments)
            with contextlib.suppress(InvalidTemplateError):  # the tests say what is wrong
                synthesise(app)
            costs.write_text(json.dumps([asdict(cost) for cost in measured]), encoding="utf-8")
    return Validated(folder, environments, [Cost(**cost) for cost in json.loads(costs.read_text(encoding="utf-8"))])
