"""`mlp demo`: the steps of the demo, in order.

Separate from the parts so that a reader sees at once what happens to their machine.
"""

import time

import click

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.local import session
from mlplatform.local.aws.process import LocalAwsError
from mlplatform.local.controls import Controls
from mlplatform.ops.console import err
from mlplatform.ops.demo import karpenter
from mlplatform.ops.demo.cluster_choice import chosen, with_cluster
from mlplatform.ops.demo.place import Place, place
from mlplatform.ops.demo.progress import DeploymentProgress
from mlplatform.ops.demo.report import next_steps, not_installed, report
from mlplatform.ops.deployment import DeploymentFailedError, bootstrap, deploy, stacks


@click.command()
@click.argument("name", default="china-dev")
@click.option("--keep", is_flag=True, help="Leave the local AWS up, and print the exports to use it.")
@click.option("--seed", type=int, help="The order of resources that nothing orders; a random one is printed.")
@with_cluster
def demo(name: str, *, keep: bool, seed: int | None, cluster: bool | None) -> None:
    """Deploy environment NAME to a local AWS with the real CDK CLI; no account is needed.

    With a cluster, EKS is a real Kubernetes control plane, and a GPU job shows how Karpenter gives it a node and takes it away.

    It is for trying and testing: nothing leaves this machine, and all of it is gone at the end unless --keep is given.

    Example: mlp demo global-prod --keep
    """
    play(load(name), keep=keep, seed=seed, cluster=cluster, job=True)


def play(settings: Settings, *, keep: bool, seed: int | None, cluster: bool | None, job: bool) -> None:
    """Deploy an environment to a local AWS and say what there is then.

    Args:
        settings: the environment.
        keep: leave the local AWS up.
        seed: the order of what nothing orders.
        cluster: with or without a cluster; what can be, where it is None.
        job: run a GPU job on the cluster.

    Raises:
        click.ClickException: The local AWS did not start, the deployment failed, or the job got no node.
    """
    real = chosen(cluster, session.find(settings.name))
    try:
        with place(settings, keep=keep, seed=seed, cluster=real) as here:
            _deploy_and_report(settings, here)
            if real:
                found = karpenter.start(settings, here.running)
                if job:
                    karpenter.show_job(settings, here.running, found)
            next_steps(settings, here.running, kept=here.kept)
    except LocalAwsError as error:
        raise click.ClickException(str(error)) from None
    except DeploymentFailedError as error:
        raise click.ClickException(f"the deployment failed; the CDK CLI's last words:\n\n{error}") from None


def _deploy_and_report(settings: Settings, here: Place) -> None:
    cloudformation = session.client(here.running, "cloudformation", settings.region)
    before = {state.name: state for state in stacks(settings.name, cloudformation)}
    began = time.perf_counter()

    err.print(f"cdk bootstrap aws://{settings.account}/{settings.region}")
    bootstrap(settings.account, settings.region, environment=here.environment, log=here.log)
    err.print(f"cdk deploy -c env={settings.name} --all")
    with DeploymentProgress() as progress:
        deployed = deploy(
            settings.name,
            environment=here.environment,
            cloudformation=cloudformation,
            log=here.log,
            output=here.assembly,
            progress=progress,
        )

    err.print(f"Deployed in {time.perf_counter() - began:.0f} s.")
    report(settings, deployed, here.running, changed=before != {state.name: state for state in deployed})
    not_installed(Controls(here.running.endpoint).not_installed())
