"""`mlp config`: check, show and begin the files that say what environments are."""

import click

from mlplatform.config.load import load, load_all
from mlplatform.ops.console import as_json, print_json, table


@click.group()
def config() -> None:
    """Check, show and begin environments' files.

    Example: mlp config check
    """


@config.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@as_json
def check(names: tuple[str, ...], *, as_json: bool) -> None:
    """Check the named environments, or all of them, and print every problem of every file.

    Example: mlp config check china-dev
    """
    rows = [
        {
            "environment": found.name,
            "stage": found.stage,
            "region": found.region,
            "account": found.account,
            "kubernetes": found.cluster.version,
        }
        for found in load_all(names or None)
    ]
    table(rows, "environment", "stage", "region", "account", "kubernetes", json_instead=as_json)


@config.command()
@click.argument("name")
def show(name: str) -> None:
    """Show the effective settings of an environment, defaults included.

    Example: mlp config show china-dev
    """
    print_json(load(name).model_dump(mode="json"))
