import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mlplatform.ops.main import main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def commands() -> Iterator[list[str]]:
    """Yield each `mlp` command that a line of the README's code blocks runs, without comments."""
    for line in re.findall(r"^    (?:\.venv/bin/)?mlp (.*)$", README, re.MULTILINE):
        yield line.partition("#")[0].split()


def known(group: click.Command, words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that the words name, and what is left for it."""
    while isinstance(group, click.Group):
        assert words, f"{group.name} needs a command"
        assert words[0] in group.commands, f"mlp has no command {words[0]}"
        group, words = group.commands[words[0]], words[1:]
    return group, words


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_a_command_of_the_readme_is_one_that_mlp_takes(words: list[str]) -> None:
    command, arguments = known(main, words)
    context = click.Context(command, info_name=command.name, resilient_parsing=True)
    _, left, _ = command.make_parser(context).parse_args(list(arguments))
    assert not left


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^    |`)make ([a-z-]+)", README, re.MULTILINE))))
def test_a_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_a_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
