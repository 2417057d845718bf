"""The pinned CDK CLI, run by the locked Node.js.

Separate so that the `cdk` of the README, the demo and the tests are one and the same program.
"""

import os
import sys
from pathlib import Path

from mlplatform.ops.exits import BAD_INPUT
from mlplatform.ops.launch import OWN_ROOT

CLI = OWN_ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"


def command(*arguments: str) -> list[str]:
    """Return the command line of the CDK CLI.

    Raises:
        FileNotFoundError: `make setup` has not installed it.
    """
    if not CLI.exists():
        message = f"the CDK CLI is not installed in {OWN_ROOT}; run make setup there"
        raise FileNotFoundError(message)
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
    except FileNotFoundError as error:
        sys.stderr.write(f"cdk: {error}\n")
        sys.exit(BAD_INPUT)
    os.execve(line[0], line, environment())
