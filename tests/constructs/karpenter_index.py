"""Writes down what Karpenter's documentation grants its controller: `python tests/constructs/karpenter_index.py cloudformation.yaml`.

The template is upstream's, of the release that an upgrade goes to:
https://karpenter.sh/docs/reference/cloudformation/ . What is printed goes into `karpenter_statements.json`, which a test compares with
our role; the difference that git shows is what the upgrade changes.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def statements(template: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the controller's statements, with lists sorted and CloudFormation's variables as they are."""
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::IAM::ManagedPolicy":
            continue
        document = json.loads(resource["Properties"]["PolicyDocument"].value)
        for statement in document["Statement"]:
            yield {
                "policy": name,
                "id": statement["Sid"],
                "effect": statement["Effect"],
                "actions": listed(statement["Action"]),
                "resources": listed(statement["Resource"]),
                "conditions": normalised(statement.get("Condition", {})),
            }


def listed(value: str | list[str]) -> list[str]:
    """Return what may stand alone as a sorted list."""
    return [value] if isinstance(value, str) else sorted(value)


def normalised(conditions: Mapping[str, Mapping[str, str | list[str]]]) -> dict[str, dict[str, list[str]]]:
    """Return conditions with their values as sorted lists."""
    return {operator: {key: listed(value) for key, value in keys.items()} for operator, keys in conditions.items()}


if __name__ == "__main__":
    reader: Any = YAML()
    sys.stdout.write(json.dumps(list(statements(reader.load(Path(sys.argv[1])))), indent=1) + "\n")
