"""`mlp release`: what becomes of releases whose installation was cut.

Separate from the deployment, which recovers first and needs none of the options.
"""

import sys
from pathlib import Path
from typing import Any

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.manifests import releases
from mlplatform.ops.cluster import NoClusterError, signed_in
from mlplatform.ops.console import err
from mlplatform.ops.exits import REFUSED
from mlplatform.ops.recovery import Helm, HelmFailedError, Recovered, recover


class DeploymentRunsError(Exception):
    """A stack of the environment is being changed; a release that is being installed looks like one that is stuck."""


@click.group()
def release() -> None:
    """Look after the Helm releases of an environment.

    Example: mlp release recover china-dev
    """


@release.command("recover")
@click.argument("name")
@click.option(
    "--kubeconfig",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="How to reach the cluster, where its API server is private and this machine reaches it by a tunnel.",
)
def recover_command(name: str, *, kubeconfig: Path | None) -> None:
    """Bring back the releases of environment NAME whose installation was cut, so that the next deployment can go on.

    A release is rolled back to its last whole revision, or removed where it never had one. `mlp deploy` does this first.

    Example: mlp release recover china-dev
    """
    settings = load(name)
    try:
        _refuse_during_deployment(settings)
        recovered = _recover(settings, kubeconfig)
    except (NoClusterError, HelmFailedError, DeploymentRunsError) as error:
        err.print(f"mlp release recover: {error}", markup=False)
        sys.exit(REFUSED)
    _say(recovered)
    if not recovered:
        err.print(f"no release of {name} is stuck", markup=False)


def recover_before_deploying(settings: Settings) -> None:
    """Recover what can be; what cannot be reached is said, and left to Helm's own words."""
    try:
        if not _stacks(settings):
            return
        _refuse_during_deployment(settings)
        _say(_recover(settings, None))
    except NoClusterError:
        return
    except (HelmFailedError, DeploymentRunsError, ClientError, BotoCoreError) as error:
        err.print(f"Releases were not looked at before the deployment: {error}", markup=False)
        err.print(f"Should one be stuck, Helm says `another operation is in progress`: mlp release recover {settings.name}", markup=False)


def _recover(settings: Settings, kubeconfig: Path | None) -> list[Recovered]:
    known = releases(settings)
    if kubeconfig:
        return recover(Helm(kubeconfig), known)
    with signed_in(settings) as own:
        return recover(Helm(own), known)


def _refuse_during_deployment(settings: Settings) -> None:
    for stack in _stacks(settings):
        if stack["StackStatus"].endswith("_IN_PROGRESS") and "CLEANUP" not in stack["StackStatus"]:
            raise DeploymentRunsError(f"stack {stack['StackName']} is {stack['StackStatus']}; wait until it has ended")


def _stacks(settings: Settings) -> list[Any]:
    session: Any = boto3.Session(region_name=settings.region)
    described = session.client("cloudformation").get_paginator("describe_stacks").paginate().build_full_result()["Stacks"]
    return [stack for stack in described if stack["StackName"].startswith(f"{settings.name}-")]


def _say(recovered: list[Recovered]) -> None:
    for one in recovered:
        err.print(f"release {one.release} was {one.was}: {one.done}", markup=False)
