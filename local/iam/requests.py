"""From recorded calls to what they ask IAM for.

Separate from the tables because it walks a whole recording: who called, in which order, with what made before.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from mlplatform.local.aws.call import Call
from mlplatform.local.iam.actions import ec2, ec2_launch, iam, others
from mlplatform.local.iam.actions.asked import Rule, Situation
from mlplatform.local.iam.location import Location, location
from mlplatform.local.iam.model import Request
from mlplatform.local.iam.recording import Seen, UnknownFactError

RULES: Mapping[str, Mapping[str, Rule]] = {
    **others.OPERATIONS,
    "ec2": {**ec2.OPERATIONS, **ec2_launch.OPERATIONS},
    "iam": iam.OPERATIONS,
}
"""What each operation asks for, by service and operation."""
_SESSION = re.compile(r"arn:[^:]+:sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/.+")


class UnknownOperationError(Exception):
    """A recorded operation is in no table."""


def requests_from(calls: Iterable[Call], *, account: str, role: str, seen: Seen | None = None) -> list[Request]:
    """Return what the calls of one role ask IAM for, in the order of the calls.

    Args:
        calls: A recording, of any callers: what others made is known to later calls.
        account: The account that the calls were made in.
        role: The name of the role whose calls are looked at.
        seen: What was made before the recording began.

    Raises:
        UnknownOperationError: A call of the role is in no table of `mlplatform.local.iam.actions`; all such are named.
        UnknownFactError: A call uses what no recorded call made; all such are named.
    """
    seen = seen or Seen()
    found: list[Request] = []
    unknown: dict[str, None] = {}
    missing: dict[str, None] = {}
    for call in calls:
        if _role_of(call) == role:
            rule = RULES.get(call.service, {}).get(call.operation or "")
            if rule is None:
                unknown[f"{call.service}:{call.operation or 'an operation that could not be read'}"] = None
            else:
                try:
                    found += _requests(call, rule, location(account, call.region), role, seen)
                except UnknownFactError as error:
                    missing[f"{call.operation}: {error}"] = None
        seen.note(call)
    if unknown:
        raise UnknownOperationError(f"no table says what these operations ask for: {', '.join(unknown)}; add a row in local/iam/actions")
    if missing:
        raise UnknownFactError("\n".join(missing))
    return found


def _requests(call: Call, rule: Rule, here: Location, role: str, seen: Seen) -> Iterator[Request]:
    principal = here.arn("iam", f"role/{role}", region="")
    everywhere = {
        "aws:PrincipalAccount": here.account,
        "aws:PrincipalArn": principal,
        "aws:RequestedRegion": here.region,
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
    }
    for asked in rule(Situation(call, here, seen)):
        context = {**everywhere, **asked.context}
        yield Request(asked.action, asked.resource, principal, here.account, context, origin=f"{call.operation} at {call.time}")


def _role_of(call: Call) -> str:
    session = _SESSION.fullmatch(call.caller)
    return session["role"] if session else ""
