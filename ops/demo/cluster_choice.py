"""Whether a demo has a real cluster: as asked, or if its programs are there.

Separate because `mlp demo` and `mlp local up` ask alike.
"""

import click

from mlplatform.local.cluster.build import missing
from mlplatform.local.session import Session
from mlplatform.ops.console import err

with_cluster = click.option(
    "--cluster/--no-cluster", default=None, help="With or without a real control plane; with one, unless said, once its programs are built."
)
"""The option of every command that starts a local AWS."""


def chosen(asked: bool | None, existing: Session | None) -> bool:  # noqa: FBT001 - a person's answer, or none
    """Return whether the local AWS has, or is to have, real clusters.

    Raises:
        click.UsageError: It is asked for and cannot be, or what is up is the other way.
    """
    if existing:
        if asked not in {None, existing.running.cluster}:
            has = "with" if existing.running.cluster else "without"
            raise click.UsageError(f"the local AWS of {existing.name} is up {has} a cluster; stop it first: mlp local down {existing.name}")
        return existing.running.cluster
    names = ", ".join(program.name for program in missing())
    if asked and names:
        raise click.UsageError(f"the local cluster's programs are not built ({names}); build them once: make cluster")
    if asked is None and names:
        err.print("Without a cluster: its programs are not built yet; make cluster builds them once, in about ten minutes.")
    return not names if asked is None else asked
