"""The CDK app that every environment's stacks hang under.

Separate so that the command line, `mlp` and tests synthesise the same bytes.
"""

from aws_cdk import App

from mlplatform.stacks.flags import FLAGS

__all__ = ["App", "chosen", "new_app"]


def new_app(outdir: str | None = None) -> App:
    """Return an empty app.

    Args:
        outdir: Folder of the assembly; the CLI's, or else a temporary one, unless given.
    """
    # Analytics would add a resource to every template that says which constructs it uses.
    return App(outdir=outdir, analytics_reporting=False, context=FLAGS)


def chosen(app: App) -> list[str] | None:
    """Return the environments that `-c env=NAME[,NAME...]` names, or None for all."""
    names = app.node.try_get_context("env")
    return str(names).split(",") if names else None
