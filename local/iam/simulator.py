"""IAM's decisions, by the locked simulator on the locked Node.js.

Separate because it is the only place that knows which program decides: https://github.com/cloud-copilot/iam-simulate .
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mlplatform.local.iam.model import Decision, Outcome, Policy, Request, Statement

_ROOT = Path(__file__).resolve().parent.parent.parent
_LIBRARY = _ROOT / "node_modules" / "@cloud-copilot" / "iam-simulate"
_SCRIPT = Path(__file__).with_name("simulate.mjs")
# AWS's own parameters are in no account, but the simulator takes no parameter without one. It gets one that nobody has:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
_NOBODYS = "000000000000:parameter/"
_WITHOUT_ACCOUNT = re.compile(r"(?<=:ssm:)([^:\"]*:):parameter/")
# The simulator knows keys that end with a name after a slash, and not KMS's, after a colon. Each gets one that the same actions know:
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
_ENCRYPTION_CONTEXT = re.compile(r"(?<=\")kms:EncryptionContext:[^\"]+(?=\")")
_ENCLAVES = "kms:RecipientAttestation:PCR"


class SimulationError(Exception):
    """The simulator cannot decide: a policy or a request is not what IAM takes."""


def evaluate(requests: Iterable[Request], policies: Sequence[Policy]) -> list[Decision]:
    """Return IAM's decision on each request, in their order.

    Requests are evaluated once however often they come, in one process: about 0.3 s to start, then a few milliseconds each.

    Args:
        requests: What is asked.
        policies: The policies attached to the principal, which must be one and the same in all requests.

    Raises:
        SimulationError: A policy is malformed, or a request names an action or resource that IAM does not know; all are named.
        FileNotFoundError: The simulator is not installed.
    """
    asked = list(requests)
    lines = {_line(request): None for request in asked}
    answers = dict(zip(lines, _run(policies, lines), strict=True)) if lines else {}
    problems = [f"{request}: {_problem(answers[_line(request)]['error'])}" for request in asked if "error" in answers[_line(request)]]
    if problems:
        raise SimulationError("\n".join(dict.fromkeys(problems)))
    return [_decision(request, answers[_line(request)]) for request in asked]


def _run(policies: Sequence[Policy], lines: Iterable[str]) -> list[dict[str, Any]]:
    if not _LIBRARY.exists():
        raise FileNotFoundError(f"{_LIBRARY} is missing; run make setup")
    text = json.dumps([{"name": policy.name, "policy": policy.document} for policy in policies])
    command = [os.environ["JSII_NODE"], str(_SCRIPT)]
    asked = _WITHOUT_ACCOUNT.sub(rf"\g<1>{_NOBODYS}", "\n".join((text, *lines)))
    contexts = {key: f"{_ENCLAVES}{number}" for number, key in enumerate(sorted(set(_ENCRYPTION_CONTEXT.findall(asked))))}
    asked = _ENCRYPTION_CONTEXT.sub(lambda key: contexts[key[0]], asked)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SimulationError(f"the simulator ended with {done.returncode}: {done.stderr.strip()}")
    known = {name: key for key, name in contexts.items()}
    answers = re.sub(rf"{_ENCLAVES}\d+", lambda name: known[name[0]], done.stdout) if known else done.stdout
    return [json.loads(line.replace(_NOBODYS, ":parameter/")) for line in answers.splitlines()]


def _line(request: Request) -> str:
    return json.dumps(
        {
            "action": request.action,
            "resource": request.resource,
            "account": request.account,
            "principal": request.principal,
            "context": request.context,
        },
        sort_keys=True,
    )


def _decision(request: Request, answer: dict[str, Any]) -> Decision:
    return Decision(
        request=request,
        outcome=Outcome(answer["outcome"]),
        by=tuple(Statement(**statement) for statement in answer["by"]),
        nearly=tuple(Statement(**statement) for statement in answer["nearly"]),
        resource_type=answer["resourceType"],
        unknown_keys=tuple(answer["ignored"]),
    )


_WORDS = {
    "invalid.action": "IAM has no such action",
    "invalid.service": "IAM has no such service",
    "must.use.wildcard": "the action knows no resources; ask for *",
    "no.resource.types": "the action knows no resource of this form",
    "multiple.resource.types": "the resource may be of several types; write its ARN in full",
    "policy.errors": "a policy is malformed",
}


def _problem(errors: dict[str, Any]) -> str:
    message = str(errors["message"])
    details = [
        f"{name}: {problem['path']}: {problem['message']}"
        for name, problems in errors.get("identityPolicyErrors", {}).items()
        for problem in problems
    ]
    return "; ".join((_WORDS.get(message, message), *details))
