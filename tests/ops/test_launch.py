import subprocess
import sys
from pathlib import Path

import pytest

from mlplatform.ops.launch import repository, split_directory

ROOT = Path(__file__).resolve().parents[2]
MLP = Path(sys.executable).with_name("mlp")


def mlp(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(MLP), *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def other_tree(folder: Path) -> Path:
    """Make a work tree that shares nothing with this one but its name, with a command that says where it is."""
    (folder / "mlplatform" / "ops").mkdir(parents=True)
    (folder / "cdk.json").write_text("{}")
    (folder / "mlplatform" / "__init__.py").touch()
    (folder / "mlplatform" / "ops" / "__init__.py").touch()
    (folder / "mlplatform" / "ops" / "__main__.py").write_text("import sys\nprint('the other tree', *sys.argv[1:])\n")
    return folder


def test_the_repository_is_found_from_a_folder_inside_it() -> None:
    assert repository(ROOT / "config" / "environments") == ROOT


def test_outside_of_every_repository_none_is_found(tmp_path: Path) -> None:
    assert repository(tmp_path) is None


def test_a_leading_directory_option_is_taken_off() -> None:
    assert split_directory(["-C", "/there", "synth"]) == ("/there", ["synth"])


def test_arguments_of_a_command_are_left_alone() -> None:
    assert split_directory(["synth", "-C", "x"]) == (None, ["synth", "-C", "x"])


def test_a_command_outside_of_every_repository_is_refused_with_what_to_do(tmp_path: Path) -> None:
    refused = mlp("synth", cwd=tmp_path)
    assert refused.returncode == 2
    assert "name it with -C DIR" in refused.stderr


def test_help_needs_no_repository(tmp_path: Path) -> None:
    assert "Usage: mlp" in mlp("--help", cwd=tmp_path).stdout


def test_a_directory_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    refused = mlp("-C", "nowhere", "synth", cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr == "mlp: -C nowhere: No such file or directory; name a folder of the platform's repository\n"


@pytest.mark.parametrize("below", [".", "config"])
def test_one_installation_runs_the_code_of_the_tree_it_is_called_in(tmp_path: Path, below: str) -> None:
    tree = other_tree(tmp_path)
    (tree / "config").mkdir()
    assert mlp("synth", "x", cwd=tree / below).stdout == "the other tree synth x\n"


def test_the_directory_option_chooses_the_tree(tmp_path: Path) -> None:
    assert mlp("-C", str(other_tree(tmp_path)), "synth", cwd=ROOT).stdout == "the other tree synth\n"
