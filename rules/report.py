"""What validation found, read from the assembly that CDK wrote it into.

Separate so that commands and tests read it without running anything.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One place where a template breaks a rule."""

    rule: str
    """The rule with its validator's prefix, as an acknowledgement names it."""
    severity: str
    construct: str
    message: str
    remedy: str
    reason: str | None
    """Why it is acknowledged, or None."""
    acknowledged_at: str | None
    """The construct that carries the acknowledgement."""

    def __str__(self) -> str:
        return f"{self.construct}: {self.message} ({self.rule})" + (f"; {self.remedy}" if self.remedy else "")


def findings(assembly: Path) -> list[Finding]:
    """Return what was found in an assembly, acknowledged or not, in the order of the validators."""
    file = assembly / "validation-report.json"
    if not file.exists():
        return []
    report = json.loads(file.read_text(encoding="utf-8"))
    return [finding for plugin in report["pluginReports"] for finding in _of(plugin)]


def _named(prefix: str, rule: str) -> str:
    # A rule that CDK has named in full keeps its name; cdk-nag's may hold :: in brackets.
    rule = rule.replace(" ", "-")
    return rule if "::" in rule.partition("[")[0] else f"{prefix}::{rule}"


def _of(plugin: Mapping[str, Any]) -> Iterator[Finding]:
    prefix = str(plugin["pluginName"]).replace(" ", "-")
    if error := plugin.get("metadata", {}).get("error"):
        yield Finding(f"{prefix}::failed", "error", "", str(error), "", None, None)
    for violation in (*plugin["violations"], *plugin.get("suppressedViolations", ())):
        for construct in violation["violatingConstructs"]:
            yield Finding(
                rule=_named(prefix, violation["ruleName"]),
                severity=violation["severity"],
                construct=construct["constructPath"],
                message=violation["description"],
                remedy=violation.get("suggestedFix", ""),
                reason=violation.get("reason"),
                acknowledged_at=violation.get("acknowledgedAt"),
            )
