from pathlib import Path

import pytest

from mlplatform.config.begin import begin
from mlplatform.config.load import FOLDER, load
from mlplatform.config.problems import ConfigError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("region", ["cn-northwest-1", "eu-west-1"])
def test_a_new_file_passes_its_checks_as_it_is_and_uncommented(root: Path, stage: str, region: str):
    file = begin("team-a", stage=stage, region=region, account="123456789012", root=root)
    assert load("team-a", root=root).stage == stage
    head, *examples = file.read_text().split("\n\n")
    sections = ["\n".join(line.removeprefix("# ") for line in block.splitlines()[1:]) for block in examples]
    file.write_text("\n".join([head, *sections]).replace("NAME", "admin"))
    settings = load("team-a", root=root)
    assert settings.tags
    assert settings.tenants["vision"].members == {"other@example.com": "edit"}
    assert (settings.ingress.host is None) == (stage == "dev")
    assert settings.cluster.administrators == (f"arn:{settings.place.partition.name}:iam::123456789012:role/admin",)


def test_a_file_that_is_there_is_kept(root: Path):
    file = begin("team-a", stage="dev", region="us-east-1", account="123456789012", root=root)
    before = file.read_text()
    with pytest.raises(ConfigError) as raised:
        begin("team-a", stage="prod", region="us-east-1", account="123456789012", root=root)
    assert str(raised.value) == "config/environments/team-a.yaml: name: 'team-a' is an environment already; choose another name"
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": "../escape"}, "name"),
        ({"name": "Team_A"}, "name"),
        ({"stage": "staging"}, "stage"),
        ({"stage": "dev\nnetwork: {}"}, "stage"),
        ({"region": "eu-north-9"}, "region"),
        ({"account": "12"}, "account"),
    ],
)
def test_nothing_is_written_for_bad_input(root: Path, change: dict[str, str], path: str):
    given = {"name": "team-a", "stage": "dev", "region": "us-east-1", "account": "123456789012", **change}
    with pytest.raises(ConfigError) as raised:
        begin(given.pop("name"), **given, root=root)
    assert [problem.path for problem in raised.value.problems] == [path]
    assert not [file for file in root.rglob("*") if file.is_file()]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path):
    with pytest.raises(ConfigError, match="cannot be written: no such file or directory; make the folder writable"):
        begin("team-a", stage="dev", region="us-east-1", account="123456789012", root=tmp_path)
