"""Settings from the files of a repository, or every problem of every file.

Separate because this is the only module that knows where files are.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import mlplatform
from mlplatform.config.checks import check
from mlplatform.config.document import Document, read
from mlplatform.config.problems import ConfigError, Problem, listed, shown
from mlplatform.config.settings import Settings
from mlplatform.config.stages import with_defaults
from mlplatform.config.validate import Keys, example, validate

FOLDER = Path("config", "environments")
STAND_INS = {"name": "environment", "account": "123456789012", "region": "", "stage": "dev"}
"""What is checked in place of required settings that are missing or wrong; no rule that reads them runs then."""


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
    problems: list[Problem] = [] if names else _unread(root)
    for name in known if names is None else names:
        if name in known:
            settings, wrong = examine(name, read(_folder(root) / f"{name}.yaml"))
            found += [settings] if settings else []
        else:
            wrong = [
                Problem("", f"{shown(name)} is not an environment", f"name one, or write {FOLDER / 'NAME.yaml'}", allowed=listed(known))
            ]
        problems += wrong
    if problems:
        raise ConfigError(problems)
    return found


def _unread(root: Path | None) -> list[Problem]:
    """Return a problem for each file that looks like an environment's and is not read."""
    return [
        Problem("", "is not read", f"rename it to {file.stem}.yaml", file=str(FOLDER / file.name))
        for file in sorted(_folder(root).glob("*.yml"))
    ]


def examine(name: str, document: Document) -> tuple[Settings | None, list[Problem]]:
    """Return the settings that a document makes, or every problem with it in the order of its lines.

    Args:
        name: The environment's name, its file's without `.yaml`.
        document: What the file says.
    """
    settings, problems = _settings(name, document)
    file = str(FOLDER / f"{name}.yaml")
    placed = [replace(problem, file=file, line=problem.line or document.line(problem.path)) for problem in problems]
    return settings, sorted(placed, key=lambda problem: problem.line or 0)


def _settings(name: str, document: Document) -> tuple[Settings | None, list[Problem]]:
    problems = list(document.problems)
    values = dict(document.values)
    if problems and not values:
        return None, problems
    if "name" in values:
        del values["name"]
        problems.append(Problem("name", "is not a setting", "remove it: an environment has its file's name"))
    said = {problem.path for problem in problems}
    settings, wrong = validate({"name": name, **with_defaults(values)})
    problems += [problem for problem in wrong.values() if problem.path not in said]
    checked = settings or _stand_in(name, values, wrong)
    if checked:
        problems += check(checked, [problem.path for problem in problems])
    return (None if problems else settings), problems


def _stand_in(name: str, values: Mapping[str, Any], wrong: Iterable[Keys]) -> Settings | None:
    """Return settings in which defaults, or else examples, stand for what is wrong, so that the rest can be checked at the same time."""
    repaired: dict[str, Any] = {"name": name, **copy.deepcopy(dict(values))}
    for keys in wrong:
        _forget(repaired, keys)
    settings, lacking = validate(with_defaults({**STAND_INS, **repaired}))
    for keys in lacking:
        _give(repaired, keys, example(keys))
    if not settings:
        settings, lacking = validate(with_defaults({**STAND_INS, **repaired}))
    for keys in lacking if not settings else ():
        # What it lacks it must say, so all of it is forgotten.
        _forget(repaired, keys[:-1])
    return settings or validate(with_defaults({**STAND_INS, **repaired}))[0]


def _give(values: dict[str, Any], keys: Keys, value: object) -> None:
    """Set the setting that keys lead to; what they lead through is there, because it lacks the setting."""
    *outer, last = map(str, keys)
    inner = values
    for key in outer:
        inner = inner.get(key, {})
    inner[last] = value


def _forget(values: dict[str, Any], keys: Keys) -> None:
    """Remove the setting that keys lead to; a list is one setting, and so are names and texts in a mapping of the user's own."""
    first, *further = keys
    inner = values.get(str(first))
    if further and isinstance(inner, dict):
        _forget(cast("dict[str, Any]", inner), tuple(further))
    else:
        values.pop(str(first), None)


def _folder(root: Path | None) -> Path:
    return (root or Path(str(mlplatform.__file__)).resolve().parent.parent) / FOLDER
