"""The CDK app that every environment's stacks hang under.

Separate so that the command line, `mlp` and tests synthesise the same bytes.
"""

from typing import Any

from aws_cdk import App
from aws_cdk.cx_api import CloudAssembly

from mlplatform.stacks.flags import FLAGS

__all__ = ["App", "InvalidTemplateError", "chosen", "new_app", "synthesise"]


METADATA: dict[str, Any] = {
    # Traces name jsii's temporary folders: with them no two syntheses would give the same bytes.
    "aws:cdk:disable-creation-stack-traces": True,
    # Reviews and findings name constructs.
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": False,
}
"""What templates say beside resources; cdk.json has the CLI ask for the same."""


class InvalidTemplateError(Exception):
    """A validator found what nothing acknowledges; CDK has printed it."""


def new_app(outdir: str | None = None) -> App:
    """Return an empty app.

    Args:
        outdir: Folder of the assembly; the CLI's, or else a temporary one, unless given.
    """
    return App(
        outdir=outdir,
        context={**FLAGS, **METADATA},
        stack_traces=False,
        # It would add a resource to every template that says which constructs it uses.
        analytics_reporting=False,
        # CDK's validator is attached with the others, where its cost can be measured; nothing runs it twice.
        builtin_cloud_formation_validation=False,
    )


def chosen(app: App) -> list[str] | None:
    """Return the environments that `-c env=NAME[,NAME...]` names, or None for all."""
    names = app.node.try_get_context("env")
    return str(names).split(",") if names else None


def synthesise(app: App) -> CloudAssembly:
    """Write the assembly, checked by the validators that are attached.

    Raises:
        InvalidTemplateError: A validator found what nothing acknowledges.
    """
    try:
        return app.synth()
    except RuntimeError as error:
        # jsii gives JavaScript's errors as text alone.
        if str(error).startswith("ValidationFailed"):
            raise InvalidTemplateError(str(error)) from None
        raise
