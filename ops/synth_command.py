"""`mlp synth`: the templates of every environment, made in one process.

Separate from `app.py`, which the CDK CLI runs: a process for each environment would cost two seconds each.
"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from mlplatform.config.load import load_all
from mlplatform.ops.console import as_json, err, print_json, table
from mlplatform.ops.exits import FAILED
from mlplatform.ops.launch import OWN_ROOT


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder that gets the assembly.  [default: cdk.out]")
@click.option("--profile", is_flag=True, help="Print what each validator costs.")
@as_json
def synth(names: tuple[str, ...], out: Path | None, *, profile: bool, as_json: bool) -> None:
    """Write the templates of the environments NAME, or of all, into one assembly.

    Needs no network, no credentials and no clock; the same files give the same bytes.

    Example: mlp synth china-dev china-prod --out /tmp/assembly
    """
    settings = load_all(names or None)
    # Loading aws_cdk starts Node.js and takes a second: a mistake in a file is told before.
    from mlplatform.app import build  # noqa: PLC0415
    from mlplatform.rules.attach import attach  # noqa: PLC0415
    from mlplatform.stacks.root import InvalidTemplateError, new_app, synthesise  # noqa: PLC0415

    folder = (out or OWN_ROOT / "cdk.out").resolve()
    began = time.perf_counter()
    root = new_app(str(folder))
    for environment in settings:
        start = time.perf_counter()
        build(root, environment)
        err.print(f"{environment.name:20} built in {time.perf_counter() - start:.1f} s")
    costs = attach(root, settings)
    try:
        synthesise(root)
    except InvalidTemplateError:
        err.print("mlp synth: templates break the rules that are named above")
        sys.exit(FAILED)
    stacks = _stacks(folder)
    measured = [asdict(cost) for cost in costs] if profile else []
    if as_json:
        print_json({"stacks": stacks, **({"validators": measured} if profile else {})})
    else:
        table(stacks, "stack", "resources", "bytes")
        if profile:
            table(measured, "what", "seconds", "templates")
    err.print(f"{len(stacks)} stacks in {folder}, {time.perf_counter() - began:.1f} s")


def _stacks(assembly: Path) -> list[dict[str, Any]]:
    """Return what the assembly's manifest lists, a row for each stack, in the order of their names."""
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    files = {
        name: assembly / artifact["properties"]["templateFile"]
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    return [
        {"stack": name, "resources": len(json.loads(file.read_text(encoding="utf-8"))["Resources"]), "bytes": file.stat().st_size}
        for name, file in sorted(files.items())
    ]
