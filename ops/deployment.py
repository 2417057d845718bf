"""Runs the CDK CLI's deployment of an environment and watches its stacks while it does.

Separate from the demo so that everything that deploys shows the same progress and counts the same things.
"""

import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mlplatform.ops import cdk

CONCURRENCY = "3"
"""Stacks that may deploy at once: cluster and data need the network, and not each other."""
_POLL_SECONDS = 0.5


class DeploymentFailedError(Exception):
    """The CDK CLI ended with an error; the message holds the end of what it printed."""


@dataclass(frozen=True)
class StackState:
    """What a stack is at one moment."""

    name: str
    status: str
    done: int
    """Resources that are made."""
    total: int
    """Resources in its template."""
    seconds: float
    """Length of its last operation."""

    @property
    def settled(self) -> bool:
        """Whether no operation is under way."""
        return self.status.endswith("_COMPLETE") and "CLEANUP" not in self.status


def deploy(
    name: str,
    *,
    environment: Mapping[str, str],
    cloudformation: Any,
    log: Path,
    progress: Callable[[StackState], None],
    output: Path | None = None,
) -> list[StackState]:
    """Deploy every stack of an environment with the CDK CLI and return what they became.

    Args:
        name: the environment.
        environment: the variables that the CLI runs with.
        cloudformation: a boto3 client of the same account and region, to watch with.
        log: the file that gets the CLI's whole output.
        progress: is called whenever a stack has changed.
        output: the folder for the cloud assembly; `cdk.out`, which one CLI at a time may use, unless given.

    Raises:
        DeploymentFailedError: The CLI failed; nothing is hidden, `log` has all of it.
    """
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(name, cloudformation, progress, over), daemon=True)
    watcher.start()
    try:
        where = [] if output is None else ["--output", str(output)]
        options = ["--concurrency", CONCURRENCY, "--require-approval", "never", "--progress", "events", *where]
        run_cli(["deploy", "-c", f"env={name}", "--all", *options], environment, log)
    finally:
        over.set()
        watcher.join()
    ended = stacks(name, cloudformation)
    for state in ended:
        progress(state)  # the last change may have come after the last look
    return ended


def bootstrap(account: str, region: str, *, environment: Mapping[str, str], log: Path) -> None:
    """Prepare an account and region for the CDK; where they are already, nothing changes.

    Raises:
        DeploymentFailedError: The CLI failed.
    """
    # Away from the repository: beside an app the CLI synthesises it first, and has no use for what comes of it.
    run_cli(["bootstrap", f"aws://{account}/{region}"], environment, log, log.parent)


def run_cli(arguments: list[str], environment: Mapping[str, str], log: Path, folder: Path = cdk.OWN_ROOT) -> None:
    """Run the CDK CLI in a folder, the repository's root unless said otherwise, its output appended to `log`.

    Raises:
        DeploymentFailedError: It failed; the message is the end of its output.
    """
    with log.open("ab") as output:
        start = output.tell()
        # Its own session: on Ctrl-C this process decides when the CLI ends, and ends all of it.
        process = subprocess.Popen(
            cdk.command(*arguments),
            cwd=folder,
            env=cdk.environment(dict(environment)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code:
        printed = log.read_bytes()[start:].decode(errors="replace").strip().splitlines()
        message = "\n".join(printed[-25:])
        raise DeploymentFailedError(message)


def stacks(name: str, cloudformation: Any) -> list[StackState]:
    """Return the environment's stacks in the order in which they were made."""
    described = cloudformation.get_paginator("describe_stacks").paginate().build_full_result()["Stacks"]
    ours = [stack for stack in described if stack["StackName"].startswith(f"{name}-")]
    return [_state(stack, cloudformation) for stack in sorted(ours, key=lambda stack: stack["CreationTime"])]


def _watch(name: str, cloudformation: Any, progress: Callable[[StackState], None], over: threading.Event) -> None:
    seen: dict[str, StackState] = {}
    while not over.wait(_POLL_SECONDS):
        try:
            current = stacks(name, cloudformation)
        except (BotoCoreError, ClientError):
            continue  # the stacks' own end decides; a missed look at them is made up by the next
        for state in current:
            if seen.get(state.name) != state:
                seen[state.name] = state
                progress(state)


def _state(stack: Mapping[str, Any], cloudformation: Any) -> StackState:
    resources = cloudformation.describe_stack_resources(StackName=stack["StackName"])["StackResources"]
    events = cloudformation.describe_stack_events(StackName=stack["StackName"])["StackEvents"]
    return StackState(
        name=stack["StackName"],
        status=stack["StackStatus"],
        done=sum(resource["ResourceStatus"].endswith("_COMPLETE") for resource in resources),
        total=_declared(stack, cloudformation),
        seconds=_seconds(stack, events),
    )


def _declared(stack: Mapping[str, Any], cloudformation: Any) -> int:
    """Return how many resources the stack's template declares; none while the stack is in review."""
    try:
        template: dict[str, Any] | str = cloudformation.get_template(StackName=stack["StackName"])["TemplateBody"]
    except ClientError:
        return 0
    return len(template["Resources"]) if isinstance(template, dict) else 0


def _seconds(stack: Mapping[str, Any], events: list[Mapping[str, Any]]) -> float:
    """Return the length of the last operation: events come newest first."""
    own = [event for event in events if event["PhysicalResourceId"] == stack["StackId"]]
    begun: datetime | None = next((e["Timestamp"] for e in own if e.get("ResourceStatusReason") == "User Initiated"), None)
    return (own[0]["Timestamp"] - begun).total_seconds() if own and begun else 0.0
