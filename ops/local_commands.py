"""`mlp local`: the local AWS of an environment and its cluster, left running.

Separate from the demo, which ends what it starts.
"""

from dataclasses import asdict

import click

from mlplatform.config.load import load
from mlplatform.local import session
from mlplatform.ops.build_command import build_programs
from mlplatform.ops.console import as_json, err, print_json
from mlplatform.ops.demo.cluster_choice import with_cluster
from mlplatform.ops.demo.command import play
from mlplatform.ops.local_status import show, status_of


@click.group()
def local() -> None:
    """Run an environment on this machine: a local AWS and its cluster, which stay up until they are told to stop.

    Example: mlp local up china-dev
    """


local.add_command(build_programs)


@local.command()
@click.argument("name", default="china-dev")
@click.option("--seed", type=int, help="The order of resources that nothing orders; a random one is printed.")
@with_cluster
def up(name: str, *, seed: int | None, cluster: bool | None) -> None:
    """Start the local AWS of environment NAME, with its cluster, and deploy to it; one that is up is used.

    Example: mlp local up global-dev
    """
    play(load(name), keep=True, seed=seed, cluster=cluster, job=False)


@local.command()
@as_json
def status(*, as_json: bool) -> None:
    """List what runs, the ports that it opens beyond loopback, and what could not be installed.

    Example: mlp local status --json
    """
    found = [status_of(running) for running in session.sessions()]
    if as_json:
        print_json([asdict(one) for one in found])
    elif found:
        show(found)
    else:
        err.print("nothing runs; mlp local up NAME starts an environment")


@local.command()
@click.argument("name", required=False)
def kubeconfig(name: str | None) -> None:
    """Print the path of the kubeconfig of environment NAME, or of the only one that is up.

    Example: export KUBECONFIG=$(mlp local kubeconfig china-dev)
    """
    found = {running.name: status_of(running).clusters for running in session.sessions() if name in {None, running.name}}
    paths = [cluster.kubeconfig for clusters in found.values() for cluster in clusters]
    if len(paths) != 1:
        there = f"{len(paths)} clusters run, of {', '.join(found)}; name one" if paths else "no cluster runs; mlp local up starts one"
        raise click.ClickException(f"{name or 'mlp local kubeconfig'}: {there}")
    click.echo(paths[0])


@local.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
def down(names: tuple[str, ...]) -> None:
    """Stop the local AWS of the environments NAME, or of all, with their clusters, and whatever a crash has left.

    Example: mlp local down china-dev
    """
    stopped = [name for name in names or session.known() if session.stop(name)]
    for name in stopped:
        err.print(f"stopped {name}")
    if not stopped:
        err.print("nothing runs" + (f" for {', '.join(names)}" if names else ""))
