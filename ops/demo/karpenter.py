"""The demo's second half: Karpenter in the environment's cluster, and a GPU job that gets its node.

Separate because it needs a cluster, which a demo may do without.
"""

import click

from mlplatform.config.settings import Settings
from mlplatform.local.aws.process import RunningAws
from mlplatform.local.cluster.api import Api
from mlplatform.local.cluster.kubeconfig import read_kubeconfig
from mlplatform.local.controls import Cluster, ControlRefusedError, Controls
from mlplatform.local.session import client
from mlplatform.ops.console import err, out
from mlplatform.ops.demo.gpu_job import GpuJob, GpuJobError


def start(settings: Settings, running: RunningAws) -> Cluster:
    """See that Karpenter acts, with the environment's pools or built-in ones, and name the ports that this opens.

    Raises:
        click.ClickException: It did not come up.
    """
    try:
        cluster = Controls(running.endpoint).karpenter(settings.region, settings.names.cluster)
    except ControlRefusedError as error:
        raise click.ClickException(f"Karpenter: {error}") from None
    err.print(
        "Karpenter acts in the cluster, " + ("with a built-in GPU pool and CPU pool." if cluster.built_in else "as its release says.")
    )
    listening(cluster)
    return cluster


def listening(cluster: Cluster) -> None:
    """Name the ports that are open beyond loopback."""
    for listener in cluster.listeners:
        err.print(f"  {listener.what} listens on every interface, port {listener.port}: its program binds no other address")


def show_job(settings: Settings, running: RunningAws, cluster: Cluster) -> None:
    """Submit a GPU job and print what happens, with the seconds since it was submitted.

    Raises:
        click.ClickException: Something did not happen in time.
    """
    out.print("\nA job that asks for one GPU (seconds since it was submitted):")
    idle = max((pool.idle_seconds for pool in settings.compute.gpu_pools), default=0)
    job = GpuJob(Api(*read_kubeconfig(cluster.kubeconfig)), client(running, "ec2", settings.region), idle_seconds=idle)
    try:
        for step in job.run():
            out.print(f"  {step.seconds:6.1f}  {step.what:20} {step.detail}")
    except GpuJobError as error:
        raise click.ClickException(f"{error}; logs are in {cluster.logs}") from None
