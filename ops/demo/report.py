"""What the demo says at its end: what was deployed, what exists now and what to do next.

Separate so that the demo itself reads as the steps it takes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.local.aws.process import RunningAws
from mlplatform.local.controls import Controls
from mlplatform.local.session import client
from mlplatform.ops.console import out, table
from mlplatform.ops.deployment import StackState
from mlplatform.ops.inventory import inventory

EXPORTS = (
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "NO_PROXY",
)


def report(settings: Settings, stacks: Sequence[StackState], running: RunningAws, *, changed: bool) -> None:
    """Print the table of stacks and what an environment's account now holds."""
    out.print()
    rows = [{"stack": s.name, "resources": s.done, "seconds": round(s.seconds, 1), "status": s.status} for s in stacks]
    table(rows, "stack", "resources", "seconds", "status")
    if not changed:
        out.print("\nNothing changed: the local AWS holds just this environment already.")
    out.print(f"\nWhat exists now in account {settings.account}, {settings.region} (asked from the services):")
    table(inventory(settings, lambda service: client(running, service, settings.region)), "what", "name", "detail")


def not_installed(entries: Sequence[Mapping[str, Any]]) -> None:
    """Print what Helm was asked for and this machine could not install; nothing where there is nothing."""
    if entries:
        out.print("\nNot installed here:")
        table(entries, "release", "what", "name", "version", "reason")


def next_steps(settings: Settings, running: RunningAws, *, kept: bool) -> None:
    """Print what a person may do now."""
    out.print("\nNext:")
    if kept:
        kubectl = ", kubectl" if running.cluster else ""
        out.print(f"  The local AWS stays up. In a shell with these exports, aws{kubectl} and cdk use it:\n")
        environment = running.environment(settings.region, {})
        for name in EXPORTS:
            out.print(f"    export {name}={environment[name]}")
        for cluster in Controls(running.endpoint).clusters():
            out.print(f"    export KUBECONFIG={cluster.kubeconfig}")
        out.print("    unset AWS_PROFILE AWS_SESSION_TOKEN AWS_CA_BUNDLE\n")
        out.print(f"    .venv/bin/cdk diff -c env={settings.name} --all")
        out.print(f"    .venv/bin/mlp local down {settings.name}      # stops it")
    else:
        out.print(f"  edit config/environments/{settings.name}.yaml, then make demo ENV={settings.name} again")
        out.print(f"  make demo ENV={settings.name} KEEP=1     leaves the local AWS up, to look around with aws and cdk")
        out.print("  README.md, Deploy it               the same for a real account")
    if settings.kubeflow.has("sign-in"):
        out.print(f"  .venv/bin/mlp sign-in {settings.name}     where people open it on a real account, and what reads a password")
