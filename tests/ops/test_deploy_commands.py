import pytest
from click.testing import CliRunner, Result

from mlplatform.ops.main import main


def run(*arguments: str, endpoint: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"AWS_ENDPOINT_URL": endpoint})


@pytest.mark.parametrize("command", ["deploy", "bootstrap"])
def test_the_example_account_is_refused_with_the_file_to_edit(command: str) -> None:
    refused = run(command, "china-dev")
    assert refused.exit_code == 2
    assert "config/environments/china-dev.yaml: account: 123456789012 is the example account" in refused.output


def test_an_endpoint_elsewhere_does_not_make_the_example_account_deployable() -> None:
    assert run("deploy", "china-dev", endpoint="https://aws.example.com").exit_code == 2


def test_every_command_shows_an_example_in_its_help() -> None:
    for name, command in main.commands.items():
        help_text = CliRunner().invoke(main, [name, "--help"]).output
        assert "Example:" in help_text, name
        for inner in getattr(command, "commands", {}):
            assert "Example:" in CliRunner().invoke(main, [name, inner, "--help"]).output, f"{name} {inner}"
