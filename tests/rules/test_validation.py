"""All validators over all environments: what they find, what is acknowledged, how often they run."""

import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from aws_cdk import aws_s3 as s3

from mlplatform.app import build
from mlplatform.config.load import environments, load
from mlplatform.ops.cdk import command, environment
from mlplatform.rules.acknowledge import filled
from mlplatform.rules.acknowledgements import ACKNOWLEDGEMENTS, ANNOTATION, CHECKOV
from mlplatform.rules.attach import attach
from mlplatform.rules.report import findings
from mlplatform.rules.table import RULES
from mlplatform.stacks.environment import Environment, EnvironmentStack
from mlplatform.stacks.root import InvalidTemplateError, new_app, synthesise
from tests.rules.conftest import Validated
from tests.rules.variants import FILES

REMINDERS = {f"{ANNOTATION}@aws-cdk/aws-eks:clusterMustManuallyTagSubnet"}
"""What only the person can do who manages a VPC that is used."""
SPOILT = """
import sys

from aws_cdk import aws_s3 as s3

from mlplatform.config.load import load
from mlplatform.rules.attach import attach
from mlplatform.stacks.environment import Environment, EnvironmentStack
from mlplatform.stacks.root import new_app

app = new_app()
settings = load("china-dev")
stack = EnvironmentStack(app, "spoilt", Environment.of(settings), description="A stack that breaks a rule")
s3.CfnBucket(stack, "Open")
attach(app, [settings])
app.synth()
"""


def test_the_committed_environments_have_no_finding_that_nothing_acknowledges(validated: Validated) -> None:
    ours = tuple(f"{name}-" for name in environments())

    assert [str(finding) for finding in findings(validated.folder) if finding.reason is None and finding.construct.startswith(ours)] == []


def test_whatever_a_file_chooses_has_no_other_finding_than_reminders_for_its_author(validated: Validated) -> None:
    assert {finding.rule for finding in findings(validated.folder) if finding.reason is None} <= REMINDERS


def test_every_acknowledgement_of_what_synthesis_finds_is_still_needed(validated: Validated) -> None:
    used = {(finding.rule, finding.acknowledged_at) for finding in findings(validated.folder)}
    unused = [
        f"{rule} at {at}: {acknowledgement.reason}"
        for acknowledgement in ACKNOWLEDGEMENTS
        for rule, at in product(acknowledgement.rules, acknowledgement.at)
        if not rule.startswith((CHECKOV, ANNOTATION))
        and not any((name, f"{settings.name}-{at}") in used for settings in validated.environments for name in filled(rule, settings))
    ]

    assert unused == []


def test_what_an_acknowledged_annotation_says_is_still_said(validated: Validated, tmp_path: Path) -> None:
    acknowledged = [rule.removeprefix(ANNOTATION) for entry in ACKNOWLEDGEMENTS for rule in entry.rules if rule.startswith(ANNOTATION)]
    app = new_app(str(tmp_path))
    for settings in validated.environments:
        if settings.name in FILES:
            build(app, settings)
    app.synth()

    said = "".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("*.metadata.json"))

    assert [rule for rule in acknowledged if rule not in said] == []


def test_each_validator_reads_every_template_once(validated: Validated) -> None:
    templates = len(list(validated.folder.glob("*.template.json")))

    read = {cost.what: cost.templates for cost in validated.costs if cost.templates}

    assert read == {"the platform's rules": templates, "cdk-nag": templates, "CDK's validator": templates}
    assert len([cost for cost in validated.costs if cost.templates]) == len(read)


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_a_violation_ends_synthesis_with_the_constructs_path_and_the_remedy(tmp_path: Path) -> None:
    settings = load("china-dev")
    app = new_app(str(tmp_path))
    stack = EnvironmentStack(app, "spoilt", Environment.of(settings), description="A stack that breaks a rule")
    s3.CfnBucket(stack, "Open")
    attach(app, [settings])

    with pytest.raises(InvalidTemplateError, match="china-dev-spoilt/Open"):
        synthesise(app)

    (finding,) = [finding for finding in findings(tmp_path) if finding.rule == "mlplatform::unencrypted-store"]
    assert finding.construct == "china-dev-spoilt/Open"
    assert finding.remedy == "set BucketEncryption"


@pytest.mark.slow
def test_the_cli_prints_a_violation_and_fails(tmp_path: Path) -> None:
    (tmp_path / "spoilt.py").write_text(SPOILT, encoding="utf-8")
    arguments = command("synth", "--quiet", "--app", f"{sys.executable} spoilt.py")

    outcome = subprocess.run(arguments, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)

    assert outcome.returncode == 1
    assert "china-dev-spoilt/Open" in outcome.stderr
    assert "Suggested fix: set BucketEncryption" in outcome.stderr
    assert "Traceback" not in outcome.stderr
