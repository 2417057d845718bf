"""`mlp config`: check, show and begin the files that say what environments are."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

import mlplatform
from mlplatform.config import schema as json_schema
from mlplatform.config.begin import begin
from mlplatform.config.load import load, load_all
from mlplatform.config.problems import ConfigError
from mlplatform.config.show import as_yaml
from mlplatform.ops.console import as_json, print_json, table
from mlplatform.ops.exits import BAD_INPUT

ROOT = Path(str(mlplatform.__file__)).resolve().parent.parent


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

    With --json, problems are printed as JSON too.

    Example: mlp config check china-dev global-dev
    """
    try:
        found = load_all(names or None)
    except ConfigError as error:
        if not as_json:
            raise
        print_json([asdict(problem) for problem in error.problems])
        sys.exit(BAD_INPUT)
    rows = [
        {
            "environment": settings.name,
            "stage": settings.stage,
            "region": settings.region,
            "partition": settings.place.partition.name,
            "account": settings.account,
            "kubernetes": settings.cluster.version,
        }
        for settings in found
    ]
    table(rows, *(rows[0] if rows else ["environment"]), json_instead=as_json)


@config.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def show(name: str, *, as_json: bool) -> None:
    """Show the effective settings of an environment, defaults included, as YAML.

    Example: mlp config show china-dev
    """
    settings = load(name)
    if as_json:
        print_json(settings.model_dump(mode="json"))
    else:
        click.echo(as_yaml(settings), nl=False)


@config.command()
@click.option("--write", is_flag=True, help=f"Write {json_schema.FILE} instead of printing.")
def schema(*, write: bool) -> None:
    """Print the JSON Schema of an environment's file, by which editors complete and check it.

    Example: mlp config schema --write
    """
    if write:
        json_schema.write(ROOT)
    else:
        click.echo(json_schema.text(), nl=False)


@config.command()
@click.argument("name")
@click.option("--stage", required=True, metavar="dev|prod", help="What its defaults are for.")
@click.option("--region", required=True, help="The AWS region, which decides the partition.")
@click.option("--account", required=True, help="The AWS account: 12 digits.")
def new(name: str, stage: str, region: str, account: str) -> None:
    """Write a commented file for a new environment.

    Example: mlp config new team-a-dev --stage dev --region cn-northwest-1 --account 123456789012
    """
    file = begin(name, stage=stage, region=region, account=account, root=ROOT)
    click.echo(f"wrote {file.relative_to(ROOT)}: edit it, then run `mlp config check {name}`")
