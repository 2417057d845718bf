"""`mlp bootstrap` and `mlp deploy`: the CDK CLI with the right flags, after a look at where it is about to act.

Separate from the demo: these act on whatever account the person's credentials reach.
"""

import os
import subprocess
import sys
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.ops import cdk
from mlplatform.ops.console import err
from mlplatform.ops.deployment import CONCURRENCY
from mlplatform.ops.exits import FAILED, REFUSED
from mlplatform.ops.release_commands import recover_before_deploying
from mlplatform.ops.spot_role import ensure_spot_role

EXAMPLE_ACCOUNT = "123456789012"
"""The account in the files of the repository; AWS's own example, which belongs to nobody."""


@click.command()
@click.argument("name")
def bootstrap(name: str) -> None:
    """Prepare the account and region of environment NAME, once: the CDK's stack, and the account's role for spot instances.

    What is there already is left as it is.

    Example: mlp bootstrap china-dev
    """
    settings = _deployable(name)
    _spot_role(settings)
    _run("bootstrap", f"aws://{settings.account}/{settings.region}", settings=settings)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def deploy(name: str, options: tuple[str, ...]) -> None:
    """Deploy every stack of environment NAME; OPTIONS go to `cdk deploy`.

    Releases whose installation was cut are brought back first: Helm would refuse to upgrade them.

    Example: mlp deploy china-dev --require-approval never
    """
    settings = _deployable(name)
    recover_before_deploying(settings)
    _run("deploy", "-c", f"env={settings.name}", "--all", "--concurrency", CONCURRENCY, *options, settings=settings)
    if settings.kubeflow.has("sign-in"):
        err.print(f"Where people open it, which callbacks to register, how to read a password: mlp sign-in {settings.name}", markup=False)


def _spot_role(settings: Settings) -> None:
    principal = settings.place.partition.principal("spot")
    session: Any = boto3.Session(region_name=settings.region)
    try:
        made = ensure_spot_role(session.client("iam"), principal)
    except (ClientError, BotoCoreError) as error:
        err.print(
            f"The account's role for spot instances could not be made: {error}\nPools with spot nodes need it; somebody who may calls"
            f" `aws iam create-service-linked-role --aws-service-name {principal}` once for each account.",
            markup=False,
        )
        sys.exit(REFUSED)
    if made:
        err.print("Made the account's role for spot instances.")


def _deployable(name: str) -> Settings:
    settings = load(name)
    if settings.account == EXAMPLE_ACCOUNT and not _local_endpoint():
        message = (
            f"config/environments/{name}.yaml: account: {EXAMPLE_ACCOUNT} is the example account; "
            "write your own account's 12 digits there, or try the environment without one: make demo ENV=" + name
        )
        raise click.UsageError(message)
    return settings


def _local_endpoint() -> bool:
    """Whether AWS's endpoint is set to this machine, where the local AWS plays any account."""
    host = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _run(*arguments: str, settings: Settings) -> None:
    # The CLI asks the profile for a region otherwise, and a China profile without one fails (aws/aws-cdk#32357).
    code = subprocess.run(
        cdk.command(*arguments), cwd=cdk.OWN_ROOT, env={**cdk.environment(), "AWS_REGION": settings.region}, check=False
    ).returncode
    if code:
        sys.exit(FAILED)
