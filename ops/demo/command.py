"""`mlp demo`: the steps of the demo, in order.

Separate from the parts so that a reader sees at once what happens to their machine.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.local import session
from mlplatform.local.aws.process import LocalAws, LocalAwsError, RunningAws
from mlplatform.ops.console import err
from mlplatform.ops.demo.progress import DeploymentProgress
from mlplatform.ops.demo.report import next_steps, report
from mlplatform.ops.deployment import DeploymentFailedError, deploy, run_cli, stacks


@click.command()
@click.argument("name", default="china-dev")
@click.option("--keep", is_flag=True, help="Leave the local AWS up, and print the exports to use it.")
@click.option("--seed", type=int, help="The order of resources that nothing orders; a random one is printed.")
def demo(name: str, *, keep: bool, seed: int | None) -> None:
    """Deploy environment NAME to a local AWS with the real CDK CLI; no account is needed.

    It is for trying and testing: nothing leaves this machine, and all of it is gone at the end unless --keep is given.

    Example: mlp demo global-prod --keep
    """
    settings = load(name)
    try:
        with _local_aws(settings, keep=keep, seed=seed) as (running, log, kept):
            _deploy_and_report(settings, running, log, kept=kept)
    except LocalAwsError as error:
        raise click.ClickException(str(error)) from None
    except DeploymentFailedError as error:
        raise click.ClickException(f"the deployment failed; the CDK CLI's last words:\n\n{error}") from None


@contextmanager
def _local_aws(settings: Settings, *, keep: bool, seed: int | None) -> Generator[tuple[RunningAws, Path, bool]]:
    """Give a local AWS, the file for the CLI's output, and whether it stays up."""
    if existing := session.find(settings.name):
        err.print(f"Using the local AWS that is up since an earlier run: {existing.running.endpoint}")
        yield existing.running, existing.folder / "cdk.log", True
    elif keep:
        started = session.start(settings.name, settings.account, seed=seed)
        _introduce(started.running)
        yield started.running, started.folder / "cdk.log", True
    else:
        with TemporaryDirectory(prefix="mlplatform-demo-") as folder, LocalAws(account=settings.account, seed=seed) as aws:
            _introduce(aws.running)
            yield aws.running, Path(folder) / "cdk.log", False
        err.print("Stopped the local AWS.")


def _introduce(running: RunningAws) -> None:
    err.print(
        f"A local AWS plays account {running.account} at {running.endpoint} (loopback only, for trying and testing; "
        f"what nothing orders is created in the order of seed {running.seed})"
    )


def _deploy_and_report(settings: Settings, running: RunningAws, log: Path, *, kept: bool) -> None:
    environment = running.environment(settings.region)
    cloudformation = session.client(running, "cloudformation", settings.region)
    before = {state.name: state for state in stacks(settings.name, cloudformation)}
    began = time.perf_counter()

    err.print(f"cdk bootstrap aws://{settings.account}/{settings.region}")
    run_cli(["bootstrap", f"aws://{settings.account}/{settings.region}"], environment, log)
    err.print(f"cdk deploy -c env={settings.name} --all")
    with DeploymentProgress() as progress:
        deployed = deploy(settings.name, environment=environment, cloudformation=cloudformation, log=log, progress=progress)

    err.print(f"Deployed in {time.perf_counter() - began:.0f} s.")
    report(settings, deployed, running, changed=before != {state.name: state for state in deployed})
    next_steps(settings, running, kept=kept)
