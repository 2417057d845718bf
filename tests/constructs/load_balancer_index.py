"""Writes down what upstream grants the AWS Load Balancer Controller: `python tests/constructs/load_balancer_index.py iam_policy.json`.

The policy is upstream's, of the release that an upgrade goes to: docs/install/iam_policy.json of
https://github.com/kubernetes-sigs/aws-load-balancer-controller ; iam_policy_cn.json says the same for China. What is printed goes into
`load_balancer_statements.json`, which a test compares with our role; the difference that git shows is what the upgrade changes.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.constructs.karpenter_index import listed, normalised


def statements(policy: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield upstream's statements by their position, since they have no ids, with lists sorted and the partition as a variable."""
    for position, statement in enumerate(policy["Statement"]):
        yield {
            "position": position,
            "effect": statement["Effect"],
            "actions": listed(statement["Action"]),
            "resources": [resource.replace("arn:aws:", "arn:${AWS::Partition}:") for resource in listed(statement["Resource"])],
            "conditions": normalised(statement.get("Condition", {})),
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(statements(json.loads(Path(sys.argv[1]).read_text()))), indent=1) + "\n")
