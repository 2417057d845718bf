"""checkov over the templates of all environments finds nothing that is not acknowledged."""

import json
import subprocess
from collections.abc import Mapping
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from mlplatform.rules.acknowledgements import ACKNOWLEDGEMENTS, CHECKOV
from tests.rules.conftest import Validated

PROGRAM = Path(__file__).resolve().parents[2] / ".venv-checkov" / "bin" / "checkov"
ACKNOWLEDGED = [
    (rule, at)
    for acknowledgement in ACKNOWLEDGEMENTS
    for rule, at in product(acknowledgement.rules, acknowledgement.at)
    if rule.startswith(CHECKOV)
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def failed(validated: Validated) -> list[tuple[str, str]]:
    """Return the checks that fail, each with the construct at fault; one worker asks checkov for all."""
    if not PROGRAM.exists():
        pytest.skip("checkov is not installed, so nothing was audited; run make audit-setup")
    answer = validated.folder.with_name("checkov.json")
    with FileLock(answer.with_suffix(".lock")):
        if not answer.exists():
            answer.write_text(checkov(validated.folder), encoding="utf-8")
    report = json.loads(answer.read_text(encoding="utf-8"))
    assert report["summary"]["resource_count"]
    assert report["summary"]["parsing_errors"] == 0
    return [(f"{CHECKOV}{check['check_id']}", construct(validated.folder, check)) for check in report["results"]["failed_checks"]]


def checkov(templates: Path) -> str:
    what = ["--directory", str(templates), "--framework", "cloudformation"]
    how = ["--compact", "--quiet", "--skip-download", "--soft-fail", "--output", "json"]
    return subprocess.run([str(PROGRAM), *what, *how], capture_output=True, text=True, check=True).stdout


def construct(assembly: Path, check: Mapping[str, Any]) -> str:
    """Return the path of the construct that made a resource, which the assembly's metadata gives by logical id."""
    logical_id = check["resource"].rpartition(".")[2]
    stack = Path(check["file_path"]).name.removesuffix(".template.json")
    metadata = json.loads((assembly / f"{stack}.metadata.json").read_text(encoding="utf-8"))
    (path,) = [path for path, entries in metadata.items() if {"type": "aws:cdk:logicalId", "data": logical_id} in entries]
    return path.removeprefix("/")


def covers(validated: Validated, at: str, found: str) -> bool:
    """Return whether an acknowledged place is a construct's, or above it."""
    taken = found.split("/")
    places = [f"{settings.name}-{at}".split("/") for settings in validated.environments]
    return any(len(taken) >= len(steps) and all(map(fnmatchcase, taken, steps)) for steps in places)


def test_checkov_finds_nothing_that_is_not_acknowledged(validated: Validated, failed: list[tuple[str, str]]) -> None:
    surprising = [
        f"{construct}: {check}"
        for check, construct in failed
        if not any(check == rule and covers(validated, at, construct) for rule, at in ACKNOWLEDGED)
    ]

    assert surprising == []


def test_every_acknowledgement_of_what_checkov_finds_is_still_needed(validated: Validated, failed: list[tuple[str, str]]) -> None:
    unused = [
        f"{rule} at {at}"
        for rule, at in ACKNOWLEDGED
        if not any(check == rule and covers(validated, at, construct) for check, construct in failed)
    ]

    assert unused == []
