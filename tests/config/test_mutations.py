"""Two thousand files that somebody could have written by mistake, through the code of `mlp config check` at once."""

import json
from collections import defaultdict
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlplatform.config.load import load_all
from mlplatform.ops import config_commands
from tests.config.mutations import ALWAYS_ACCEPTED, MAY_BE_ACCEPTED, accepted, mutations, written

ABOUT_THE_WHOLE_FILE = {"alias bomb", "tag", "not YAML", "not settings", "not text", "huge", "second document", "noise"}


def contents(folder: Path) -> dict[str, str]:
    return {str(file): sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*") if file.is_file()}


def test_each_mutation_is_refused_with_path_and_remedy_or_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = dict(written(tmp_path, mutations(2_000)))
    before = contents(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(config_commands, "load_all", partial(load_all, root=tmp_path))

    result = CliRunner().invoke(config_commands.config, ["check", "--json"])

    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit), result.exception
    assert contents(tmp_path) == before
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for problem in json.loads(result.stdout):
        found[Path(problem["file"]).stem].append(problem)
    assert set(found) <= set(made)
    for name, mutation in made.items():
        if mutation.kind in ALWAYS_ACCEPTED:
            assert found[name] == [], mutation
        elif mutation.kind not in MAY_BE_ACCEPTED:
            assert found[name], mutation
        for problem in found[name]:
            assert problem["path"] or mutation.kind in ABOUT_THE_WHOLE_FILE, (problem, mutation)
            assert problem["message"], mutation
            assert problem["remedy"], mutation
            assert all(character.isprintable() for character in "".join(filter(None, map(str, problem.values())))), problem


def test_each_kind_of_mistake_is_among_the_mutations():
    kinds = {mutation.kind for mutation in mutations(2_000)}
    assert kinds >= ABOUT_THE_WHOLE_FILE | ALWAYS_ACCEPTED | MAY_BE_ACCEPTED
    assert {"unknown key", "bad value", "missing key", "other partition", "duplicate key"} <= kinds


def test_the_same_seed_gives_the_same_files():
    assert mutations(100) == mutations(100)
    assert mutations(100) != mutations(100, seed=1)


def test_fifty_accepted_mutations_differ_from_each_other():
    settings = accepted(50)
    assert len({one.model_dump_json(exclude={"name"}) for one in settings}) == 50
    assert len({one.name for one in settings}) == 50
    assert {one.region for one in settings} == {"cn-north-1", "us-west-2"}
