"""Settings from the files of a repository, or every problem of every file.

Separate because this is the only module that knows where files are.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import mlplatform
from mlplatform.config.checks import check
from mlplatform.config.document import Document, read
from mlplatform.config.problems import ConfigError, Problem, listed, shown
from mlplatform.config.settings import Settings
from mlplatform.config.stages import with_defaults
from mlplatform.config.validate import validate

FOLDER = Path("config", "environments")


def environments(root: Path | None = None) -> list[str]:
    """Return the names of the environments that a repository has files for, in order.

    Args:
        root: The repository; the one that this code is in unless given.
    """
    return sorted(file.stem for file in _folder(root).glob("*.yaml"))


def load(name: str, *, root: Path | None = None) -> Settings:
    """Return the settings of one environment.

    Args:
        name: The file's name without `.yaml`.
        root: The repository; the one that this code is in unless given.

    Raises:
        ConfigError: There is no such file, or something in it is wrong; it has every problem.
    """
    return load_all([name], root=root)[0]


def load_all(names: Iterable[str] | None = None, *, root: Path | None = None) -> list[Settings]:
    """Return the settings of the named environments, of all of them unless named.

    Raises:
        ConfigError: Something is wrong with one of the files or more; it has every problem of all of them.
    """
    known = environments(root)
    found: list[Settings] = []
    problems: list[Problem] = []
    for name in known if names is None else names:
        if name in known:
            settings, wrong = examine(name, _folder(root) / f"{name}.yaml")
            found += [settings] if settings else []
        else:
            wrong = [
                Problem("", f"{shown(name)} is not an environment", f"name one, or write {FOLDER / 'NAME.yaml'}", allowed=listed(known))
            ]
        problems += wrong
    if problems:
        raise ConfigError(problems)
    return found


def examine(name: str, file: Path) -> tuple[Settings | None, list[Problem]]:
    """Return the settings in a file, or every problem with it."""
    document = read(file)
    settings, problems = _settings(name, document)
    shown_file = str(FOLDER / file.name)
    return settings, [replace(problem, file=shown_file, line=problem.line or document.line(problem.path)) for problem in problems]


def _settings(name: str, document: Document) -> tuple[Settings | None, list[Problem]]:
    if document.problems:
        return None, document.problems
    if "name" in document.values:
        return None, [Problem("name", "is not a setting", "remove it: an environment has its file's name")]
    settings, problems = validate({"name": name, **with_defaults(document.values)})
    problems += check(settings) if settings else []
    return (None if problems else settings), problems


def _folder(root: Path | None) -> Path:
    return (root or Path(str(mlplatform.__file__)).resolve().parent.parent) / FOLDER
