"""How a deployment's progress looks: bars on a terminal, lines elsewhere.

Separate so that the deployment knows nothing of terminals.
"""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from mlplatform.ops.console import err
from mlplatform.ops.deployment import StackState


class DeploymentProgress:
    """Shows stacks while they change; call it with each new state."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("  {task.description:24}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[status]}"),
            TimeElapsedColumn(),
            console=err,
            disable=not err.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._statuses: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def __call__(self, state: StackState) -> None:
        """Show what a stack has become."""
        if err.is_terminal:
            task = self._tasks.get(state.name)
            if task is None:
                task = self._tasks[state.name] = self._bars.add_task(state.name, total=state.total, status="")
            self._bars.update(task, completed=state.done, total=state.total, status=state.status.lower())
        elif self._statuses.get(state.name) != state.status:
            self._statuses[state.name] = state.status
            err.print(f"  {state.name:24} {state.status.lower():28} {state.done}/{state.total}")
