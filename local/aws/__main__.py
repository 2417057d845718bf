"""`python -m mlplatform.local.aws`: one local AWS of one account, on loopback, until it is told to stop.

Separate from the server because moto reads its settings when it is imported: they must be there before.
"""

import json
import logging
import os
import secrets
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from mlplatform.local.aws.custom_resources import charts
from mlplatform.local.cluster.build import find, missing

if TYPE_CHECKING:
    from mlplatform.local.aws import serving

_BANNER = """\
The local AWS is for trying and testing: it keeps everything in memory and checks no permission.
It binds {endpoint} alone and plays account {account}.
What nothing orders is created in the order of seed {seed}."""


@click.command(epilog="Example: python -m mlplatform.local.aws --account 123456789012 --port 0 --state-file aws.json")
@click.option("--account", required=True, metavar="ID", help="The account to play.")
@click.option("--port", default=0, show_default="a free one", help="The port to bind on 127.0.0.1.")
@click.option("--seed", type=int, help="The order of what nothing orders; a random one is printed.")
@click.option("--grace", default=5.0, show_default=True, help="Seconds that DescribeStacks waits for an operation to end.")
@click.option(
    "--state-file", type=click.Path(path_type=Path, dir_okay=False), help="Write endpoint, pid, account and seed there once it answers."
)
@click.option("--cluster", is_flag=True, help="Let EKS's clusters be real: a control plane each, built once by `make cluster`.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    show_default="a temporary one",
    help="Where control planes keep data and logs.",
)
@click.option("--attached", is_flag=True, help="Stop when standard input closes, so that it never outlives who started it.")
def main(  # one parameter an option
    *, account: str, port: int, seed: int | None, grace: float, state_file: Path | None, cluster: bool, folder: Path | None, attached: bool
) -> None:
    """Play AWS on loopback, for trying and testing."""
    if not (account.isascii() and account.isdigit() and len(account) == 12):  # noqa: PLR2004 - AWS's length
        raise click.BadParameter(f"{account!r} is no account; an account has twelve digits", param_hint="--account")
    if cluster and find() is None:
        names = ", ".join(program.name for program in missing())
        raise click.BadParameter(f"{names} are not built; build them once with `make cluster`", param_hint="--cluster")
    os.environ["MOTO_ACCOUNT_ID"] = account
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ.update(charts.outside(os.environ))
    # A foreign certificate bundle or proxy would stand between the server and itself.
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_ENDPOINT_URL", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(name, None)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server: type[serving.Server] = import_module("mlplatform.local.aws.serving").Server
    chosen = secrets.randbelow(10_000) if seed is None else seed
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    with suppress(KeyboardInterrupt), ExitStack() as ending:
        clusters = (folder or Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="mlplatform-clusters-")))) if cluster else None
        running = ending.enter_context(server(account=account, port=port, seed=chosen, grace=grace, clusters=clusters))
        click.echo(_BANNER.format(endpoint=running.endpoint, account=account, seed=chosen))
        if state_file:
            _announce(
                state_file, {"endpoint": running.endpoint, "pid": os.getpid(), "account": account, "seed": chosen, "cluster": cluster}
            )
        if attached:
            threading.Thread(target=_stop_with_starter, daemon=True).start()
        running.serve()
    click.echo("stopped")


def _announce(path: Path, state: dict[str, object]) -> None:
    """Write the file in one step: who waits for it must never read half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(state) + "\n")
    draft.replace(path)


def _stop(*_: object) -> NoReturn:
    # Once: Ctrl-C in a terminal reaches this process too, and its starter then asks again while everything ends in order.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _stop_with_starter() -> None:
    # Not through Python's buffered reader: its lock would still be held when the interpreter ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
