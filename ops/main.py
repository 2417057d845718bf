"""The `mlp` command: the list of its commands, and how their failures reach a person.

Separate so that no command decides by itself what an error looks like or which code it exits with.
"""

import sys
from collections.abc import Sequence
from importlib.metadata import version

import click
from botocore.exceptions import BotoCoreError, ClientError

from mlplatform.config.load import ConfigError
from mlplatform.ops.check_commands import check
from mlplatform.ops.config_commands import config
from mlplatform.ops.conformance_command import conformance
from mlplatform.ops.demo.command import demo
from mlplatform.ops.deploy_commands import bootstrap, deploy
from mlplatform.ops.exits import BAD_INPUT, REFUSED
from mlplatform.ops.images_command import images
from mlplatform.ops.local_commands import local
from mlplatform.ops.pools_command import pools
from mlplatform.ops.release_commands import release
from mlplatform.ops.render_command import render_command
from mlplatform.ops.sign_in_command import sign_in
from mlplatform.ops.synth_command import synth
from mlplatform.ops.tenants_command import tenants

EPILOG = "Commands work on the repository around the working directory; `mlp -C DIR COMMAND` on another one."


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120}, no_args_is_help=True)
@click.version_option(version("mlplatform"), prog_name="mlp")
def main() -> None:
    """Check, synthesise, try and operate the platform's environments.

    Exit codes: 0 ok, 1 the run failed, 2 bad input, 3 AWS or the cluster refused.

    Example: mlp config check && mlp synth china-dev
    """


for command in (
    config,
    check,
    synth,
    render_command,
    conformance,
    images,
    pools,
    tenants,
    sign_in,
    demo,
    local,
    bootstrap,
    deploy,
    release,
):
    main.add_command(command)


def run(arguments: Sequence[str]) -> None:
    """Run `mlp` and exit: a person's mistake is a sentence, never a traceback."""
    try:
        main(args=list(arguments), prog_name="mlp")
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except (ClientError, BotoCoreError) as error:
        click.echo(f"mlp: AWS refused: {error}", err=True)
        sys.exit(REFUSED)
