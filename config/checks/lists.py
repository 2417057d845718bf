"""What is wrong with a list as a list.

Separate because zones, types and ARNs are all listed once each.
"""

from collections.abc import Iterator, Sequence

from mlplatform.config.problems import Problem, shown


def repeated(path: str, values: Sequence[object]) -> Iterator[Problem]:
    """Yield a problem for each value that is there before it."""
    for position, value in enumerate(values):
        if value in values[:position]:
            yield Problem(f"{path}[{position}]", f"{shown(str(value))} is listed twice", "remove it")
