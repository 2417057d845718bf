"""`mlp local`: the local AWS of an environment, left running.

Separate from the demo, which ends what it starts.
"""

import click

from mlplatform.local import session
from mlplatform.ops.build_command import build_programs
from mlplatform.ops.console import as_json, err, table
from mlplatform.ops.demo.command import demo


@click.group()
def local() -> None:
    """Run an environment on this machine: a local AWS that stays up until it is told to stop.

    Example: mlp local up china-dev
    """


local.add_command(build_programs)


@local.command()
@click.argument("name", default="china-dev")
@click.pass_context
def up(context: click.Context, name: str) -> None:
    """Start the local AWS of environment NAME and deploy to it; one that is up is used.

    Example: mlp local up global-dev
    """
    context.invoke(demo, name=name, keep=True, seed=None)


@local.command()
@as_json
def status(*, as_json: bool) -> None:
    """List what runs.

    Example: mlp local status --json
    """
    rows = [
        {"environment": s.name, "account": s.running.account, "endpoint": s.running.endpoint, "pid": s.running.pid, "logs": str(s.folder)}
        for s in session.sessions()
    ]
    if not rows and not as_json:
        err.print("nothing runs; mlp local up NAME starts an environment")
        return
    table(rows, "environment", "account", "endpoint", "pid", "logs", json_instead=as_json)


@local.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
def down(names: tuple[str, ...]) -> None:
    """Stop the local AWS of the environments NAME, or of all.

    Example: mlp local down china-dev
    """
    running = [s for s in session.sessions() if not names or s.name in names]
    for one in running:
        one.stop()
        err.print(f"stopped {one.name}")
    if not running:
        err.print("nothing runs" + (f" for {', '.join(names)}" if names else ""))
