"""What every command prints with: results on standard output, progress on standard error.

Separate so that tables, JSON and colours behave alike everywhere; rich leaves colours out where the output is no
terminal or NO_COLOR is set.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

_FILE_WIDTH = 160
"""Columns of a file or a pipe, which have no width of their own; rich would take 80."""

out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH)
err = Console(stderr=True, soft_wrap=True, highlight=False)

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
"""The option of every command that prints a table."""


def table(rows: Sequence[Mapping[str, Any]], *columns: str, json_instead: bool = False) -> None:
    """Print rows as a table of the named columns, or all they hold as JSON."""
    if json_instead:
        print_json(rows)
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = bool(rows) and all(isinstance(row.get(column), int | float) for row in rows)
        grid.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_cell(row.get(column))) for column in columns))
    out.print(grid)


def print_json(value: object) -> None:
    """Print a value as JSON, for programs."""
    click.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.1f}"
        case _:
            return str(value)
