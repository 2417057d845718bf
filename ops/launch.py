"""Starts the `mlp` of the repository that it is called in.

Separate from the command itself because one installation serves several work trees: the code that runs must be the
code of the tree that the person stands in, so it is chosen before any of it is imported.
"""

import os
import sys
from pathlib import Path

OWN_ROOT = Path(__file__).resolve().parent.parent


def repository(start: Path) -> Path | None:
    """Return the nearest folder from `start` upward that holds the platform's repository."""
    for folder in (start, *start.parents):
        if (folder / "cdk.json").is_file() and (folder / "mlplatform" / "__init__.py").is_file():
            return folder
    return None


def split_directory(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Split a leading `-C DIR` off the arguments, as git and make take it."""
    match arguments:
        case ["-C", folder, *rest]:
            return folder, rest
        case _:
            return None, arguments


def main() -> None:
    """Run `mlp` with the code of the repository around the working directory, or of `-C DIR`."""
    folder, arguments = split_directory(sys.argv[1:])
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            _refuse(f"-C {folder}: {error.strerror}; name a folder of the platform's repository")
    root = repository(Path.cwd())
    if root is None and not {"--help", "--version"} & set(arguments):
        _refuse(
            f"{Path.cwd()} is in no repository of the platform (a folder with cdk.json and mlplatform/); go to one or name it with -C DIR"
        )
    if root is not None and root != OWN_ROOT:
        # PYTHONPATH comes before the installation, so that the other tree's code is imported.
        path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
        os.execve(sys.executable, [sys.executable, "-m", "mlplatform.ops", *arguments], {**os.environ, "PYTHONPATH": path})
    from mlplatform.ops.main import run  # noqa: PLC0415 - only now is it known whose code runs

    run(arguments)


def _refuse(message: str) -> None:
    sys.stderr.write(f"mlp: {message}\n")
    sys.exit(2)
