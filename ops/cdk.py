"""The pinned CDK CLI, run by the locked Node.js.

Separate so that the `cdk` of the README, the demo and the tests are one and the same program.
"""

import os
import sys
from pathlib import Path

import click

from mlplatform.ops.exits import BAD_INPUT
from mlplatform.ops.launch import OWN_ROOT

CLI = OWN_ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"


class NotInstalledError(click.ClickException):
    """The CDK CLI is not where `make setup` puts it."""

    exit_code = BAD_INPUT


def command(*arguments: str) -> list[str]:
    """Return the command line of the CDK CLI.

    Raises:
        NotInstalledError: `make setup` has not installed it.
    """
    if not CLI.exists():
        raise NotInstalledError(f"the CDK CLI is not installed in {OWN_ROOT}; run make setup there")
    return [os.environ["JSII_NODE"], str(CLI), *arguments]


def environment(base: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which the CLI's `python app.py` is the interpreter of this installation."""
    env = dict(os.environ if base is None else base)
    env["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), env.get("PATH", os.defpath)))
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # without bytecode a synthesis takes three times as long
    env.setdefault("CDK_DISABLE_CLI_TELEMETRY", "true")
    return env


def main() -> None:
    """Become the CDK CLI."""
    try:
        line = command(*sys.argv[1:])
    except NotInstalledError as error:
        error.show()
        sys.exit(error.exit_code)
    os.execve(line[0], line, environment())
