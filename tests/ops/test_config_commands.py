import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlplatform.config.begin import begin
from mlplatform.config.load import FOLDER, load, load_all
from mlplatform.config.problems import ConfigError
from mlplatform.config.schema import text
from mlplatform.config.show import as_yaml
from mlplatform.ops import config_commands


def mlp_config(*arguments: str) -> Result:
    return CliRunner().invoke(config_commands.config, arguments)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own, with nothing in it."""
    (tmp_path / FOLDER).mkdir(parents=True)
    monkeypatch.setattr(config_commands, "ROOT", tmp_path)
    monkeypatch.setattr(config_commands, "load_all", partial(load_all, root=tmp_path))
    return tmp_path


def test_check_lists_each_environment_with_where_it_is():
    lines = mlp_config("check").stdout.splitlines()
    assert lines[0].split() == ["environment", "stage", "region", "partition", "account", "kubernetes"]
    assert lines[2].split() == ["china-prod", "prod", "cn-north-1", "aws-cn", "123456789012", "1.36"]
    assert len(lines) == 5


def test_check_prints_json_for_programs():
    rows = json.loads(mlp_config("check", "--json", "global-dev").stdout)
    assert [row["region"] for row in rows] == ["us-west-2"]


def test_check_of_a_wrong_file_raises_what_becomes_exit_code_2(root: Path):
    (root / FOLDER / "dev.yaml").write_text("stage: dev\n")
    error = mlp_config("check").exception
    assert isinstance(error, ConfigError)
    assert [problem.path for problem in error.problems] == ["account", "region"]


def test_check_prints_problems_as_json_and_exits_with_2(root: Path):
    (root / FOLDER / "dev.yaml").write_text('account: "123456789012"\nregion: us-east-1\nstage: test\n')
    result = mlp_config("check", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == [
        {
            "file": "config/environments/dev.yaml",
            "line": 3,
            "path": "stage",
            "message": "'test' is not one of the choices",
            "allowed": "dev, prod",
            "remedy": "use one of them",
        }
    ]


def test_show_prints_every_setting_as_yaml_or_json():
    assert mlp_config("show", "china-dev").stdout == as_yaml(load("china-dev"))
    assert json.loads(mlp_config("show", "--json", "china-dev").stdout)["database"]["backup_days"] == 7


def test_schema_is_printed_or_written_where_editors_look(root: Path):
    assert mlp_config("schema").stdout == text()
    assert mlp_config("schema", "--write").exit_code == 0
    assert (root / FOLDER / "schema.json").read_text(encoding="utf-8") == text()


def test_new_says_what_it_wrote_and_what_to_do_next(root: Path):
    result = mlp_config("new", "team-a", "--stage", "dev", "--region", "cn-north-1", "--account", "123456789012")
    assert result.stdout == "wrote config/environments/team-a.yaml: edit it, then run `mlp config check team-a`\n"
    assert load("team-a", root=root).region == "cn-north-1"


def test_new_over_a_file_raises_what_becomes_exit_code_2(root: Path):
    begin("team-a", stage="dev", region="us-east-1", account="123456789012", root=root)
    result = mlp_config("new", "team-a", "--stage", "dev", "--region", "us-east-1", "--account", "123456789012")
    assert isinstance(result.exception, ConfigError)


@pytest.mark.parametrize("command", ["check", "show", "schema", "new"])
def test_help_has_an_example(command: str):
    assert f"Example: mlp config {command}" in mlp_config(command, "--help").stdout


def test_output_that_goes_to_no_terminal_has_no_colours():
    assert "\x1b" not in mlp_config("check").stdout
